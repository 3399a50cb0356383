{% import "common/functions.sv" as functions %}// Multiplies pairs of IEEE-754 numbers, rounding once to nearest even, subnormals included.
// Any NaN is canonical.
module fp_mul #(
  parameter  int ExpW   = 8,
  parameter  int ManW   = 23,
  parameter  int Stages = 4,   // register ranks: 2, 3, 4 or 5
  parameter  int Lanes  = 1,   // pairs
  localparam int W      = 1 + ExpW + ManW
) (
  input  logic               clk_i,
  input  logic [Lanes*W-1:0] a_i,
  input  logic [Lanes*W-1:0] b_i,
  output logic [Lanes*W-1:0] product_o   // of the operands Stages cycles before
);
  // Radix-4 Booth rows, a carry-save tree, an adder, and one right shifter that serves subnormal
  // factors and subnormal products alike. Between possible ranks: rows and most of the tree |
  // reduce (its end) | add | shift | round. The latter are tasks (of which simulators need one copy
  // for all lanes). Each hands what its successor needs on as one vector.
  localparam int SigW    = ManW + 1;              // significand with its hidden bit
  localparam int ProdW   = 2 * SigW;
  localparam int WinW    = SigW + 2;              // result, a bit to normalise, a guard bit
  localparam int Rows    = SigW / 2 + 1;          // radix-4 digits of b
  localparam int CutRows = Stages == 5 ? 4 : 3;   // of them left after the first segment
  localparam int CountW  = $clog2(SigW);
  localparam int ShiftW  = $clog2(ProdW + 2);     // a shift by ProdW + 1 leaves only sticky
  localparam int WideW   = ProdW + 1;             // a product and the sticky bit's place
  localparam int SumW    = ExpW + 2;              // exponents with a carry and a sign
  localparam int Bias    = 2 ** (ExpW - 1) - 1;
  localparam int Left    = SigW - 1;              // most leading zeros of a factor
  localparam int Origin  = Bias + Left;

  localparam int CutA = Stages == 2 ? 0 : 1;
  localparam int CutB = Stages == 2 || Stages == 5 ? 1 : 0;
  localparam int CutC = Stages == 2 ? 0 : 1;
  localparam int CutD = Stages >= 4 ? 1 : 0;

  localparam int WidthA = 5 + ExpW + CountW + CutRows*ProdW;
  localparam int WidthB = 3 + ExpW + ShiftW + 2*ProdW;
  localparam int WidthC = 3 + ExpW + ShiftW + ProdW;
  localparam int WidthD = 4 + ExpW + WinW;

{{ functions::sticky_shift("shift_right", "WideW", "ShiftW", "1") }}
  // Two rows left, and how far to shift.
  task automatic reduce(
    input  logic [WidthA-1:0] d,
    output logic [WidthB-1:0] q
  );
    // verilator no_inline_task
    logic                     sign, nan, infty, zero, low, high;
    logic [ExpW:0]            exps;
    logic [ExpW-1:0]          expo;
    logic [CountW-1:0]        zeros;
    logic [ShiftW-1:0]        right;
    logic [SumW-1:0]          exp_all, right_all;
    logic [ProdW-1:0]         x, y, z, sum, carries;
    logic [CutRows*ProdW-1:0] rows;
    {sign, nan, infty, zero, exps, zeros, rows} = d;
    x       = rows[0 +: ProdW];
    y       = rows[ProdW +: ProdW];
    z       = rows[2*ProdW +: ProdW];
    sum     = x ^ y ^ z;
    carries = ((x & y) | (x & z) | (y & z)) << 1;
    if (CutRows == 4) begin
      x       = rows[(CutRows-1)*ProdW +: ProdW];
      y       = sum;
      z       = carries;
      sum     = x ^ y ^ z;
      carries = ((x & y) | (x & z) | (y & z)) << 1;
    end

    // expo: the exponent field if the highest bit of the shifted product is zero; else one more. It
    // stops at zero, and so does the shift that brings the leading one up.
    exp_all   = {1'b0, exps} - Bias[SumW-1:0] - { {(SumW-CountW){1'b0}}, zeros};
    right_all = Origin[SumW-1:0] - {1'b0, exps};
    low       = exp_all[SumW-1];
    high      = ~low & (exp_all[ExpW] | &exp_all[ExpW-1:0]);
    expo      = exp_all[ExpW-1:0] & {ExpW{~low & ~zero}};
    right     = low ? right_all[ShiftW-1:0] | {ShiftW{|right_all[SumW-1:ShiftW]}}
                     : Left[ShiftW-1:0] - { {(ShiftW-CountW){1'b0}}, zeros};
    q         = {sign, nan, infty | (high & ~zero), expo, right, sum, carries};
  endtask

  task automatic add(
    input  logic [WidthB-1:0] d,
    output logic [WidthC-1:0] q
  );
    // verilator no_inline_task
    logic [WidthC-ProdW-1:0] passed;
    logic [ProdW-1:0]        x, y;
    {passed, x, y} = d;
    q = {passed, x + y};
  endtask

  // The window is the low end of the shifter, by Left right of the product's highest bit.
  task automatic shift(
    input  logic [WidthC-1:0] d,
    output logic [WidthD-1:0] q
  );
    // verilator no_inline_task
    logic                  sign, nan, special, sticky;
    logic [ExpW-1:0]       expo;
    logic [ShiftW-1:0]     right;
    logic [ProdW-1:0]      product;
    logic [WinW-1:0]       win;
    logic [WideW-WinW-1:0] unused_high;
    {sign, nan, special, expo, right, product} = d;
    {sticky, unused_high, win} = shift_right({product, 1'b0}, right);
    q = {sign, nan, special, sticky, expo, win};
  endtask

  // Rounds and packs.
  task automatic round(
    input  logic [WidthD-1:0] d,
    output logic [W-1:0]      product
  );
    // verilator no_inline_task
    logic            sign, nan, special, sticky, stay, up;
    logic [ExpW-1:0] expo, exp_next;
    logic [WinW-1:0] win;
    logic [SigW:0]   kept, incr;
    logic [ManW-1:0] man_stay, man_move;
    logic [W-1:0]    finite;
    {sign, nan, special, sticky, expo, win} = d;
    // The significand stays in place, or its leading one is a place lower. Adding one at that lower
    // place rounds both up, for in place this is only done if the bit there is set.
    kept     = win[WinW-1:1];
    incr     = kept + { {SigW{1'b0}}, 1'b1};
    exp_next = expo + { {(ExpW-1){1'b0}}, 1'b1};
    stay     = kept[SigW] | ~|expo;
    up       = stay ? kept[0] & (kept[1] | win[0] | sticky)
                    : win[0] & (kept[0] | sticky);
    man_stay = (up ? incr[SigW-1:1] : kept[SigW-1:1]) & {ManW{~(kept[SigW] & &exp_next)}};
    man_move = up ? incr[SigW-2:0] : kept[SigW-2:0];
    finite   = {sign, (up ? incr[SigW] : kept[SigW]) ? exp_next : expo, stay ? man_stay : man_move};
    product  = special ? {sign, {ExpW{1'b1}}, nan, {(ManW-1){1'b0}}} : finite;
  endtask

  for (genvar i = 0; i < Lanes; i = i + 1) begin : gen_lane
    logic [W-1:0]    a, b;
    logic [ExpW-1:0] a_exp, b_exp;
    logic [ManW-1:0] a_man, b_man;
    logic [SigW-1:0] a_sig, b_sig;
    logic            a_sign, b_sign, a_norm, b_norm, a_max, b_max, a_some, b_some;
    assign a = a_i[W*i +: W];
    assign b = b_i[W*i +: W];
    assign {a_sign, a_exp, a_man} = a;
    assign {b_sign, b_exp, b_man} = b;
    assign a_norm = |a_exp;
    assign b_norm = |b_exp;
    assign a_max  = &a_exp;
    assign b_max  = &b_exp;
    assign a_some = |a_man;
    assign b_some = |b_man;
    assign a_sig  = {a_norm, a_man};
    assign b_sig  = {b_norm, b_man};

    // Digits -2 to 2 of b times a. A negative row is complemented, and the 1 that it lacks goes
    // into the next row. A row's sign counts -1 at its place: ~sign there, constant ones above.
    logic [2*Rows:0]          digits;
    logic [Rows*ProdW-1:0]    booth;
    logic [CutRows*ProdW-1:0] rows;
    assign digits = { {(2*Rows-SigW){1'b0}}, b_sig, 1'b0};
    for (genvar j = 0; j < Rows; j = j + 1) begin : gen_row
      logic          one, two, neg;
      logic [2:0]    head;
      logic [SigW:0] tail;
      assign one  = digits[2*j+1] ^ digits[2*j];
      assign two  = digits[2*j+2] ? ~(digits[2*j+1] | digits[2*j]) : digits[2*j+1] & digits[2*j];
      assign neg  = digits[2*j+2];
      assign tail = {(SigW+1){neg}}
                  ^ (({(SigW+1){one}} & {1'b0, a_sig}) | ({(SigW+1){two}} & {a_sig, 1'b0}));
      assign head = j == 0 ? {~neg, neg, neg} : j < Rows - 1 ? {2'b01, ~neg} : 3'b000;
      assign booth[j*ProdW +: ProdW] = ({ {(ProdW-SigW-4){1'b0}}, head, tail} << (2*j))
                                     | (({ {(ProdW-1){1'b0}}, digits[2*j]} << (2*j)) >> 2);
    end
    carry_save_tree #(.Rows(Rows), .Left(CutRows), .Width(ProdW)) u_tree (
      .rows_i(booth), .rows_o(rows)
    );

    logic              sign, nan, infty, zero;
    logic [ExpW:0]     exps;
    logic [CountW-1:0] zeros;
    assign zero  = ~(a_norm | a_some) | ~(b_norm | b_some);
    assign infty = a_max | b_max;
    assign nan   = (a_max & a_some) | (b_max & b_some) | (infty & zero);
    assign sign  = (a_sign ^ b_sign) & ~nan;
    // Subnormals have the exponent of the smallest normals.
    assign exps = {1'b0, a_exp[ExpW-1:1], a_exp[0] | ~a_norm}
                + {1'b0, b_exp[ExpW-1:1], b_exp[0] | ~b_norm};
    // Of the subnormal factor; if both are, the product is far below all numbers anyway.
    leading_zeros #(.Width(SigW)) u_zeros (
      .data_i(a_norm ? b_sig : a_sig), .count_o(zeros)
    );

    logic [WidthA-1:0] multiplied, to_reduce;
    logic [WidthB-1:0] reduced, to_add;
    logic [WidthC-1:0] added, to_shift;
    logic [WidthD-1:0] shifted, to_round;
    logic [W-1:0]      rounded;
    assign multiplied = {sign, nan, infty, zero, exps, zeros, rows};
    pipe_cut #(.Width(WidthA), .Cut(CutA)) u_cut_a (.clk_i, .d_i(multiplied), .q_o(to_reduce));
    always_comb reduce(to_reduce, reduced);
    pipe_cut #(.Width(WidthB), .Cut(CutB)) u_cut_b (.clk_i, .d_i(reduced), .q_o(to_add));
    always_comb add(to_add, added);
    pipe_cut #(.Width(WidthC), .Cut(CutC)) u_cut_c (.clk_i, .d_i(added), .q_o(to_shift));
    always_comb shift(to_shift, shifted);
    pipe_cut #(.Width(WidthD), .Cut(CutD)) u_cut_d (.clk_i, .d_i(shifted), .q_o(to_round));
    always_comb round(to_round, rounded);
    pipe_cut #(.Width(W), .Cut(1)) u_cut_e (.clk_i, .d_i(rounded), .q_o(product_o[W*i +: W]));
  end
endmodule
