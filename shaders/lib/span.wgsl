// Element-wise kernels over (rows, batch): a thread takes one row and 16 neighbouring examples, so that what depends on the
// row alone (divisions, statistics of its channel) is computed once for all of them.
const SPAN = 16u;

// A row, and its examples from `start` to before `end`.
struct Span { row: u32, start: u32, end: u32 }

fn span_at(thread: u32, batch: u32) -> Span {
  let spans = (batch + SPAN - 1u) / SPAN;
  let start = thread % spans * SPAN;
  return Span(thread / spans, start, min(start + SPAN, batch));
}
