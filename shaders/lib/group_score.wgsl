// The key of a group from the scores of its weights: that of its first weight, the largest, or the mean of all, added row
// by row with one accumulator. Whoever includes this has params.reduce, weights, gradients and a snippet that scores.
// include groups
// include normal
// include signed_key
const REDUCE_FIRST = 0u;
const REDUCE_MAX = 1u;
const REDUCE_SIGNED_MEAN = 3u;

fn group_key(group: Group) -> u32 {
  if (params.reduce == REDUCE_FIRST) { return score_key(weights[group.first], gradients[group.first], group.first); }
  var largest = 0u;
  var sum = 0.0;
  for (var row = 0u; row < group.rows; row++) {
    for (var column = 0u; column < group.columns; column++) {
      let i = group.first + row * group.stride + column;
      let key = score_key(weights[i], gradients[i], i);
      largest = max(largest, key);
      sum += normal(select(bitcast<f32>(key - 1u), signed_value(key), params.reduce == REDUCE_SIGNED_MEAN));
    }
  }
  if (params.reduce == REDUCE_MAX) { return largest; }
  // Times the reciprocal from the CPU: a quotient may be off by 2.5 units in its last place.
  let mean = normal(sum * group.reciprocal);
  return select(key_of(mean), signed_key(mean), params.reduce == REDUCE_SIGNED_MEAN);
}
