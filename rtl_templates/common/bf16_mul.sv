{% import "common/functions.sv" as functions %}// Multiplies pairs of bf16 numbers to binary32, rounding once to nearest even.
// Any NaN is canonical. Only products that are subnormal, as those of subnormals may be, are not
// exact.
module bf16_mul #(
  parameter int Stages = 2,  // register ranks: 2 or 3
  parameter int Lanes  = 1   // pairs
) (
  input  logic                clk_i,
  input  logic [Lanes*16-1:0] a_i,
  input  logic [Lanes*16-1:0] b_i,
  output logic [Lanes*32-1:0] product_o   // of the operands Stages cycles before
);
  // Each segment between possible ranks is a task (of which simulators need one copy for all
  // lanes), and hands what its successor needs on as one vector: multiply | shift | round.
  localparam int ShiftW = 6;
  localparam int WinW   = 25;           // significand, of which two bits are whole; a guard bit
  localparam int Left   = 7;            // most leading zeros of a factor
  localparam int WideW  = WinW + Left;
  localparam int Bias   = 127;
  localparam int WidthA = 3 + 8 + ShiftW + 16;
  localparam int WidthB = 4 + 8 + WinW;
  localparam int CutB   = Stages == 3 ? 1 : 0;

{{ functions::sticky_shift("shift_right", "WideW", "ShiftW", "1") }}
  // Multiplies the significands, plans the normalisation.
  task automatic multiply(
    input  logic [15:0]       a,
    input  logic [15:0]       b,
    input  logic [2:0]        zeros,
    output logic [WidthA-1:0] q
  );
    // verilator no_inline_task
    logic [7:0]        a_exp, b_exp, a_sig, b_sig, expo;
    logic [6:0]        a_man, b_man;
    logic              a_sign, b_sign, a_norm, b_norm, a_max, b_max;
    logic              zero, infty, nan, low, high;
    logic [8:0]        exps;
    logic [9:0]        exp_all, right_all;
    logic [ShiftW-1:0] right;
    {a_sign, a_exp, a_man} = a;
    {b_sign, b_exp, b_man} = b;
    a_norm = |a_exp;
    b_norm = |b_exp;
    a_max  = &a_exp;
    b_max  = &b_exp;
    a_sig  = {a_norm, a_man};
    b_sig  = {b_norm, b_man};
    zero   = ~|a_sig | ~|b_sig;
    infty  = a_max | b_max;
    nan    = (a_max & |a_man) | (b_max & |b_man) | (infty & zero);
    // Subnormals have the exponent of the smallest normals.
    exps   = {1'b0, a_exp[7:1], a_exp[0] | ~a_norm} + {1'b0, b_exp[7:1], b_exp[0] | ~b_norm};

    // expo: the exponent field if the highest bit of the shifted product is zero; else one more. It
    // stops at zero, and so does the shift, seen from Left places too far to the left.
    exp_all   = {1'b0, exps} - Bias[9:0] - {7'd0, zeros};
    right_all = Bias[9:0] + Left[9:0] - {1'b0, exps};
    low       = exp_all[9];
    high      = ~low & (exp_all[8] | &exp_all[7:0]);
    expo      = exp_all[7:0] & {8{~low & ~zero}};
    right     = low ? right_all[ShiftW-1:0] | {ShiftW{|right_all[9:ShiftW]}}
                    : {3'd0, Left[2:0] - zeros};
    q         = {(a_sign ^ b_sign) & ~nan, nan, infty | (high & ~zero), expo, right,
                 {8'd0, a_sig} * {8'd0, b_sig}};
  endtask

  task automatic shift(
    input  logic [WidthA-1:0] d,
    output logic [WidthB-1:0] q
  );
    // verilator no_inline_task
    logic              sign, nan, special, sticky;
    logic [7:0]        expo;
    logic [ShiftW-1:0] right;
    logic [15:0]       product;
    logic [WinW-1:0]   win;
    logic [Left-1:0]   unused_high;
    {sign, nan, special, expo, right, product} = d;
    {sticky, unused_high, win} = shift_right({product, 16'd0}, right);
    q = {sign, nan, special, sticky, expo, win};
  endtask

  // Rounds and packs. Only a product that was moved by 16 places or more is rounded, so that no
  // carry goes far.
  task automatic round(
    input  logic [WidthB-1:0] d,
    output logic [31:0]       product
  );
    // verilator no_inline_task
    logic            sign, nan, special, sticky;
    logic [7:0]      expo, exp_high;
    logic [WinW-1:0] win;
    logic [23:0]     kept;
    logic [14:0]     low;
    logic [22:0]     man;
    {sign, nan, special, sticky, expo, win} = d;
    kept     = win[WinW-1:1];
    low      = kept[14:0] + {14'd0, win[0] & (kept[0] | sticky)};
    exp_high = expo + {7'd0, kept[23]};
    man      = kept[23] | ~|expo ? {kept[22:15], low} : {kept[21:15], low, 1'b0};
    product  = special | &exp_high ? {sign, 8'hff, nan, 22'd0} : {sign, exp_high, man};
  endtask

  for (genvar i = 0; i < Lanes; i = i + 1) begin : gen_lane
    logic [15:0]       a, b;
    logic [2:0]        zeros;
    logic [WidthA-1:0] multiplied, to_shift;
    logic [WidthB-1:0] shifted, to_round;
    logic [31:0]       rounded;

    assign a = a_i[16*i +: 16];
    assign b = b_i[16*i +: 16];
    // Of the subnormal factor; if both are, the product is far below all numbers anyway.
    leading_zeros #(.Width(8)) u_zeros (
      .data_i(|a[14:7] ? {|b[14:7], b[6:0]} : {1'b0, a[6:0]}), .count_o(zeros)
    );
    always_comb multiply(a, b, zeros, multiplied);
    pipe_cut #(.Width(WidthA), .Cut(1)) u_cut_a (.clk_i, .d_i(multiplied), .q_o(to_shift));
    always_comb shift(to_shift, shifted);
    pipe_cut #(.Width(WidthB), .Cut(CutB)) u_cut_b (.clk_i, .d_i(shifted), .q_o(to_round));
    always_comb round(to_round, rounded);
    pipe_cut #(.Width(32), .Cut(1)) u_cut_c (.clk_i, .d_i(rounded), .q_o(product_o[32*i +: 32]));
  end
endmodule
