// Weights rounded to 16 bits; sums and all else stay f32.
enable f16;
alias Weight = f16;
