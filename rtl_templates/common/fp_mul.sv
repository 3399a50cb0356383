// Multiplies IEEE-754 numbers, rounding once to nearest even, subnormals included.
// Any NaN is canonical.
module fp_mul #(
  parameter int ExpW   = 8,
  parameter int ManW   = 23,
  parameter int Stages = 4   // register ranks: 2, 3, 4 or 5
) (
  input  logic               clk_i,
  input  logic [ExpW+ManW:0] a_i,
  input  logic [ExpW+ManW:0] b_i,
  output logic [ExpW+ManW:0] product_o   // of the operands Stages cycles before
);
  // Radix-4 Booth rows, a carry-save tree, an adder, and one right shifter that serves subnormal
  // factors and subnormal products alike. The suffixes _a to _e name the segments between possible
  // ranks: _a rows, most of the tree | _b its end | _c add | _d shift | _e round
  localparam int SigW    = ManW + 1;              // significand with its hidden bit
  localparam int ProdW   = 2 * SigW;
  localparam int WinW    = SigW + 2;              // result, a bit to normalise, a guard bit
  localparam int Rows    = SigW / 2 + 1;          // radix-4 digits of b
  localparam int CutRows = Stages == 5 ? 4 : 3;   // of them left after segment a
  localparam int CountW  = $clog2(SigW);
  localparam int ShiftW  = $clog2(ProdW + 2);     // a shift by ProdW + 1 leaves only sticky
  localparam int SumW    = ExpW + 2;              // exponents with a carry and a sign
  localparam int Bias    = 2 ** (ExpW - 1) - 1;
  localparam int Left    = SigW - 1;              // most leading zeros of a factor
  localparam int Origin  = Bias + Left;

  localparam int CutA = Stages == 2 ? 0 : 1;
  localparam int CutB = Stages == 2 || Stages == 5 ? 1 : 0;
  localparam int CutC = Stages == 2 ? 0 : 1;
  localparam int CutD = Stages >= 4 ? 1 : 0;

  // --------------------------------------------------------- segment a: Booth rows, start to add
  logic [ExpW-1:0] a_exp, b_exp;
  logic [ManW-1:0] a_man, b_man;
  logic [SigW-1:0] a_sig, b_sig;
  logic            a_sign, b_sign, a_norm, b_norm, a_max, b_max, a_some, b_some;
  assign {a_sign, a_exp, a_man} = a_i;
  assign {b_sign, b_exp, b_man} = b_i;
  assign a_norm = |a_exp;
  assign b_norm = |b_exp;
  assign a_max  = &a_exp;
  assign b_max  = &b_exp;
  assign a_some = |a_man;
  assign b_some = |b_man;
  assign a_sig  = {a_norm, a_man};
  assign b_sig  = {b_norm, b_man};

  // Digits -2 to 2 of b times a. A negative row is complemented, and the 1 that it lacks goes into
  // the next row. A row's sign counts -1 at its place: ~sign there, and constant ones above.
  logic [2*Rows:0]          digits;
  logic [Rows*ProdW-1:0]    booth;
  logic [CutRows*ProdW-1:0] rows_a, rows_b;
  assign digits = { {(2*Rows-SigW){1'b0}}, b_sig, 1'b0};
  for (genvar i = 0; i < Rows; i = i + 1) begin : gen_row
    logic          one, two, neg;
    logic [2:0]    head;
    logic [SigW:0] body;
    assign one  = digits[2*i+1] ^ digits[2*i];
    assign two  = digits[2*i+2] ? ~(digits[2*i+1] | digits[2*i]) : digits[2*i+1] & digits[2*i];
    assign neg  = digits[2*i+2];
    assign body = {(SigW+1){neg}}
                ^ (({(SigW+1){one}} & {1'b0, a_sig}) | ({(SigW+1){two}} & {a_sig, 1'b0}));
    assign head = i == 0 ? {~neg, neg, neg} : i < Rows - 1 ? {2'b01, ~neg} : 3'b000;
    assign booth[i*ProdW +: ProdW] = ({ {(ProdW-SigW-4){1'b0}}, head, body} << (2*i))
                                   | (({ {(ProdW-1){1'b0}}, digits[2*i]} << (2*i)) >> 2);
  end
  carry_save_tree #(.Rows(Rows), .Left(CutRows), .Width(ProdW)) u_tree_a (
    .rows_i(booth), .rows_o(rows_a)
  );

  logic              sign_a, nan_a, inf_a, zero_a, sign_b, nan_b, inf_b, zero_b;
  logic [ExpW:0]     exps_a, exps_b;
  logic [CountW-1:0] zeros_a, zeros_b;
  assign zero_a = ~(a_norm | a_some) | ~(b_norm | b_some);
  assign inf_a  = a_max | b_max;
  assign nan_a  = (a_max & a_some) | (b_max & b_some) | (inf_a & zero_a);
  assign sign_a = (a_sign ^ b_sign) & ~nan_a;
  // Subnormals have the exponent of the smallest normals.
  assign exps_a = {1'b0, a_exp[ExpW-1:1], a_exp[0] | ~a_norm}
                + {1'b0, b_exp[ExpW-1:1], b_exp[0] | ~b_norm};
  // Of the subnormal factor; if both are, the product is far below all numbers anyway.
  leading_zeros #(.Width(SigW)) u_zeros (
    .data_i(a_norm ? b_sig : a_sig), .count_o(zeros_a)
  );

  pipe_cut #(.Width(5 + ExpW + CountW + CutRows*ProdW), .Cut(CutA)) u_cut_a (
    .clk_i,
    .d_i({sign_a, nan_a, inf_a, zero_a, exps_a, zeros_a, rows_a}),
    .q_o({sign_b, nan_b, inf_b, zero_b, exps_b, zeros_b, rows_b})
  );

  // ------------------------------------------------ segment b: two rows left; how far to shift
  logic [2*ProdW-1:0] pair_b, pair_c;
  carry_save_tree #(.Rows(CutRows), .Left(2), .Width(ProdW)) u_tree_b (
    .rows_i(rows_b), .rows_o(pair_b)
  );

  // exp: the exponent field if the highest bit of the shifted product is zero; else one more. It
  // stops at zero, and so does the shift that brings the leading one up.
  logic [SumW-1:0]   exp_all, right_all;
  logic              tiny, huge, sign_c, nan_c, special_b, special_c;
  logic [ExpW-1:0]   exp_b, exp_c;
  logic [ShiftW-1:0] right_b, right_c;
  assign exp_all   = {1'b0, exps_b} - Bias[SumW-1:0] - { {(SumW-CountW){1'b0}}, zeros_b};
  assign right_all = Origin[SumW-1:0] - {1'b0, exps_b};
  assign tiny      = exp_all[SumW-1];
  assign huge      = ~tiny & (exp_all[ExpW] | &exp_all[ExpW-1:0]);
  assign exp_b     = exp_all[ExpW-1:0] & {ExpW{~tiny & ~zero_b}};
  assign right_b   = tiny ? right_all[ShiftW-1:0] | {ShiftW{|right_all[SumW-1:ShiftW]}}
                          : Left[ShiftW-1:0] - { {(ShiftW-CountW){1'b0}}, zeros_b};
  assign special_b = inf_b | (huge & ~zero_b);

  pipe_cut #(.Width(3 + ExpW + ShiftW + 2*ProdW), .Cut(CutB)) u_cut_b (
    .clk_i,
    .d_i({sign_b, nan_b, special_b, exp_b, right_b, pair_b}),
    .q_o({sign_c, nan_c, special_c, exp_c, right_c, pair_c})
  );

  // --------------------------------------------------------------------------- segment c: add
  logic [ProdW-1:0]  x, y, prod_c, prod_d;
  logic              sign_d, nan_d, special_d;
  logic [ExpW-1:0]   exp_d;
  logic [ShiftW-1:0] right_d;
  assign {x, y} = pair_c;
  assign prod_c = x + y;

  pipe_cut #(.Width(3 + ExpW + ShiftW + ProdW), .Cut(CutC)) u_cut_c (
    .clk_i,
    .d_i({sign_c, nan_c, special_c, exp_c, right_c, prod_c}),
    .q_o({sign_d, nan_d, special_d, exp_d, right_d, prod_d})
  );

  // ------------------------------------------------------------------------- segment d: shift
  // The window is the low end of the shifter, by Left right of the product's highest bit.
  logic [WinW-1:0]     win_d, win_e;
  logic [ProdW-WinW:0] unused_high;
  logic                sticky_d, sticky_e, sign_e, nan_e, special_e;
  logic [ExpW-1:0]     exp_e;
  sticky_shift #(.Width(ProdW + 1), .AmountW(ShiftW)) u_shift (
    .data_i({prod_d, 1'b0}), .amount_i(right_d), .data_o({unused_high, win_d}), .sticky_o(sticky_d)
  );

  pipe_cut #(.Width(4 + ExpW + WinW), .Cut(CutD)) u_cut_d (
    .clk_i,
    .d_i({sign_d, nan_d, special_d, sticky_d, exp_d, win_d}),
    .q_o({sign_e, nan_e, special_e, sticky_e, exp_e, win_e})
  );

  // ------------------------------------------------------------------ segment e: round and pack
  // The significand stays in place, or its leading one is a place lower. Adding one at that lower
  // place rounds both up, for in place this is only done if the bit there is set.
  logic [SigW:0]      kept, next;
  logic [ExpW-1:0]    exp_next;
  logic               stay, up;
  logic [ManW-1:0]    man_stay, man_move;
  logic [ExpW+ManW:0] finite, product;
  assign kept     = win_e[WinW-1:1];
  assign next     = kept + { {SigW{1'b0}}, 1'b1};
  assign exp_next = exp_e + { {(ExpW-1){1'b0}}, 1'b1};
  assign stay     = kept[SigW] | ~|exp_e;
  assign up       = stay ? kept[0] & (kept[1] | win_e[0] | sticky_e)
                         : win_e[0] & (kept[0] | sticky_e);
  assign man_stay = (up ? next[SigW-1:1] : kept[SigW-1:1]) & {ManW{~(kept[SigW] & &exp_next)}};
  assign man_move = up ? next[SigW-2:0] : kept[SigW-2:0];
  assign finite   = {sign_e, (up ? next[SigW] : kept[SigW]) ? exp_next : exp_e,
                     stay ? man_stay : man_move};
  assign product  = special_e ? {sign_e, {ExpW{1'b1}}, nan_e, {(ManW-1){1'b0}}} : finite;
  pipe_cut #(.Width(ExpW + ManW + 1), .Cut(1)) u_cut_e (.clk_i, .d_i(product), .q_o(product_o));
endmodule
