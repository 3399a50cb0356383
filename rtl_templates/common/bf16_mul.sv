// Multiplies bf16 numbers to binary32, rounding once to nearest even; any NaN is canonical.
// Only products that are subnormal, as those of subnormals may be, are not exact.
module bf16_mul #(
  parameter int Stages = 2   // register ranks: 2 or 3
) (
  input  logic        clk_i,
  input  logic [15:0] a_i,
  input  logic [15:0] b_i,
  output logic [31:0] product_o   // of the operands Stages cycles before
);
  // The suffixes _a to _c name the segments between possible ranks:
  // _a multiply, how far to shift | _b shift | _c round
  localparam int WinW  = 25;              // significand, of which two bits are whole; a guard bit
  localparam int Left  = 7;               // most leading zeros of a factor
  localparam int Bias  = 127;
  localparam int CutB  = Stages == 3 ? 1 : 0;

  // ------------------------------------------------- segment a: multiply, plan the normalisation
  logic [7:0] a_exp, b_exp, a_sig, b_sig;
  logic [6:0] a_man, b_man;
  logic       a_sign, b_sign, a_norm, b_norm, a_max, b_max;
  assign {a_sign, a_exp, a_man} = a_i;
  assign {b_sign, b_exp, b_man} = b_i;
  assign a_norm = |a_exp;
  assign b_norm = |b_exp;
  assign a_max  = &a_exp;
  assign b_max  = &b_exp;
  assign a_sig  = {a_norm, a_man};
  assign b_sig  = {b_norm, b_man};

  logic [15:0] prod_a, prod_b;
  assign prod_a = {8'd0, a_sig} * {8'd0, b_sig};

  logic       zero, inf, nan_a, sign_a, special_a, nan_b, sign_b, special_b;
  logic [8:0] exps;
  logic [2:0] zeros;
  assign zero   = ~|a_sig | ~|b_sig;
  assign inf    = a_max | b_max;
  assign nan_a  = (a_max & |a_man) | (b_max & |b_man) | (inf & zero);
  assign sign_a = (a_sign ^ b_sign) & ~nan_a;
  // Subnormals have the exponent of the smallest normals.
  assign exps   = {1'b0, a_exp[7:1], a_exp[0] | ~a_norm} + {1'b0, b_exp[7:1], b_exp[0] | ~b_norm};
  // Of the subnormal factor; if both are, the product is far below all numbers anyway.
  leading_zeros #(.Width(8)) u_zeros (.data_i(a_norm ? b_sig : a_sig), .count_o(zeros));

  // exp: the exponent field if the highest bit of the shifted product is zero; else one more. It
  // stops at zero, and so does the shift, seen from Left places too far to the left.
  logic [9:0] exp_all, right_all;
  logic       tiny, huge;
  logic [7:0] exp_a, exp_b;
  logic [5:0] right_a, right_b;
  assign exp_all   = {1'b0, exps} - Bias[9:0] - {7'd0, zeros};
  assign right_all = Bias[9:0] + Left[9:0] - {1'b0, exps};
  assign tiny      = exp_all[9];
  assign huge      = ~tiny & (exp_all[8] | &exp_all[7:0]);
  assign exp_a     = exp_all[7:0] & {8{~tiny & ~zero}};
  assign right_a   = tiny ? right_all[5:0] | {6{|right_all[9:6]}} : {3'd0, Left[2:0] - zeros};
  assign special_a = inf | (huge & ~zero);

  pipe_cut #(.Width(3 + 8 + 6 + 16), .Cut(1)) u_cut_a (
    .clk_i,
    .d_i({sign_a, nan_a, special_a, exp_a, right_a, prod_a}),
    .q_o({sign_b, nan_b, special_b, exp_b, right_b, prod_b})
  );

  // ------------------------------------------------------------------------- segment b: shift
  logic [WinW-1:0] win_b, win_c;
  logic [Left-1:0] unused_high;
  logic            sticky_b, sticky_c, sign_c, nan_c, special_c;
  logic [7:0]      exp_c;
  sticky_shift #(.Width(WinW + Left), .AmountW(6)) u_shift (
    .data_i({prod_b, 16'd0}), .amount_i(right_b),
    .data_o({unused_high, win_b}), .sticky_o(sticky_b)
  );

  pipe_cut #(.Width(4 + 8 + WinW), .Cut(CutB)) u_cut_b (
    .clk_i,
    .d_i({sign_b, nan_b, special_b, sticky_b, exp_b, win_b}),
    .q_o({sign_c, nan_c, special_c, sticky_c, exp_c, win_c})
  );

  // ------------------------------------------------------------------ segment c: round and pack
  // Only a product that was moved by 16 places or more is rounded, so that no carry goes far.
  logic [23:0] kept;
  logic [14:0] low;
  logic [22:0] man;
  logic [7:0]  exp;
  logic [31:0] product;
  assign kept    = win_c[WinW-1:1];
  assign low     = kept[14:0] + {14'd0, win_c[0] & (kept[0] | sticky_c)};
  assign exp     = exp_c + {7'd0, kept[23]};
  assign man     = kept[23] | ~|exp_c ? {kept[22:15], low} : {kept[21:15], low, 1'b0};
  assign product = special_c | &exp ? {sign_c, 8'hff, nan_c, 22'd0} : {sign_c, exp, man};
  pipe_cut #(.Width(32), .Cut(1)) u_cut_c (.clk_i, .d_i(product), .q_o(product_o));
endmodule
