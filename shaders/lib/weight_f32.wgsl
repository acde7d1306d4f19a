// Weights as they are trained.
alias Weight = f32;
