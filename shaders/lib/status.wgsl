// Words of the status buffer. The flag is sticky: after the first bad step no parameter or mask changes.
const STATUS_BAD_STEP = 0u;
const STATUS_BAD_TENSOR = 1u;
const STATUS_CLIP = 2u;
const STATUS_NORM = 3u;
const NO_STEP = 0xffffffffu;
const TENSOR_LOSS = 0xfffffffeu;
// From here on: rows of counts of mask updates, 8 words a layer (active, dropped, grown, regrown, ever active).
const STATUS_COUNTS = 64u;
const COUNT_WORDS = 8u;
