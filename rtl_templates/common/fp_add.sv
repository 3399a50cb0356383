{% import "common/functions.sv" as functions %}// Adds pairs of IEEE-754 numbers, rounding once to nearest even, subnormals included.
// Any NaN is canonical.
module fp_add #(
  parameter  int ExpW   = 8,
  parameter  int ManW   = 23,
  parameter  int Stages = 4,  // register ranks: 2, 4 or 6
  parameter  int Lanes  = 1,  // pairs
  localparam int W      = 1 + ExpW + ManW
) (
  input  logic               clk_i,
  input  logic [Lanes*W-1:0] a_i,
  input  logic [Lanes*W-1:0] b_i,
  output logic [Lanes*W-1:0] sum_o   // of the operands Stages cycles before
);
  // Two paths: `near` subtracts exponents at most one apart, where many leading bits may cancel but
  // nothing is rounded; `far` does all else, where at most one bit cancels. Each segment between
  // possible ranks is a task (of which simulators need one copy for all lanes), and hands what its
  // successor needs on as one vector: compare | swap | subtract | align | add | normalise | pack.
  localparam int SigW    = ManW + 1;          // significand with its hidden bit
  localparam int WideW   = SigW + 1;          // and a bit more: above it (far) or below (near)
  localparam int ShiftW  = $clog2(SigW + 2);  // a far shift by 2**ShiftW leaves only sticky
  localparam int CountW  = $clog2(WideW);
  localparam int MagW    = ExpW + ManW;
  localparam int Fine    = 2;                 // levels of shifters after cuts C, E
  localparam int CoarseW = ShiftW - Fine;

  localparam int CutA = Stages == 6 ? 1 : 0;
  localparam int CutB = Stages == 4 ? 1 : 0;
  localparam int CutC = Stages == 6 ? 1 : 0;
  localparam int CutD = 1;
  localparam int CutE = Stages == 6 ? 1 : 0;
  localparam int CutF = Stages == 2 ? 0 : 1;

  localparam int WidthA = 5 + ExpW + 2*W;
  localparam int WidthB = 6 + 2*ExpW + SigW + WideW;
  localparam int WidthC = 9 + ExpW + Fine + SigW + 3*WideW;
  localparam int WidthD = 8 + ExpW + CountW + 3*WideW;
  localparam int WidthE = 10 + ExpW + Fine + WideW + 2*SigW;
  localparam int WidthF = 8 + ExpW + WideW + ManW;

{{ functions::sticky_shift("shift_coarse", "WideW", "CoarseW", "2**Fine") }}
{{ functions::sticky_shift("shift_fine", "WideW", "Fine", "1") }}
  // Which operand is larger, and by how much the exponents differ.
  task automatic compare(
    input  logic [W-1:0]      a,
    input  logic [W-1:0]      b,
    output logic [WidthA-1:0] q
  );
    // verilator no_inline_task
    logic [ExpW-1:0] a_exp, b_exp, a_eff, b_eff, exp_diff0, exp_diff1, gap;
    logic [ManW-1:0] a_man, b_man;
    logic            a_sign, b_sign, a_max, b_max, exp_above, sub, nan;
    {a_sign, a_exp, a_man} = a;
    {b_sign, b_exp, b_man} = b;
    a_max = &a_exp;
    b_max = &b_exp;
    // Subnormals have the exponent of the smallest normals.
    a_eff = {a_exp[ExpW-1:1], a_exp[0] | ~|a_exp};
    b_eff = {b_exp[ExpW-1:1], b_exp[0] | ~|b_exp};

    // b - a of the exponents is the complement of a - b - 1. The far path doubles both operands of
    // a subtraction, so that they are one less apart.
    {exp_above, exp_diff0} = {1'b0, a_eff} + {1'b0, ~b_eff};
    exp_diff1 = a_eff - b_eff;
    sub       = a_sign ^ b_sign;
    gap       = {ExpW{~exp_above}} ^ (sub ^ exp_above ? exp_diff1 : exp_diff0);

    // The larger magnitude is called big, the other little: no difference is negative.
    nan = (a_max & |a_man) | (b_max & |b_man) | (a_max & b_max & sub);
    q   = {nan, a_max | b_max, sub, a_eff == b_eff, a[MagW-1:0] > b[MagW-1:0], gap, a, b};
  endtask

  task automatic swap(
    input  logic [WidthA-1:0] d,
    output logic [WidthB-1:0] q
  );
    // verilator no_inline_task
    logic             nan, special, sub, exp_same, a_big, sign, norm, level, unused_sign;
    logic [ExpW-1:0]  expo, little_exp, gap;
    logic [ManW-1:0]  big_man, little_man;
    logic [SigW-1:0]  big, little;
    logic [WideW-1:0] less;
    logic [W-1:0]     a, b;
    {nan, special, sub, exp_same, a_big, gap, a, b} = d;
    {sign, expo, big_man}                            = a_big ? a : b;
    {unused_sign, little_exp, little_man}            = a_big ? b : a;
    norm   = |expo;
    big    = {norm, big_man};
    little = {|little_exp, little_man};
    // Near operands are {big, 0} and less. Level: exponents are equal, the far path is not used.
    level  = exp_same & sub;
    less   = level ? {little, 1'b0} : {1'b0, little};
    q      = {nan, special, sub, sign, norm, level, expo, gap, big, less};
  endtask

  // Near: subtracts, anticipates leading zeros. Far: begins to align.
  task automatic subtract(
    input  logic [WidthB-1:0] d,
    output logic [WidthC-1:0] q
  );
    // verilator no_inline_task
    logic             nan, special, sub, sign, norm, level, is_near, coarse, unused_stop;
    logic [ExpW-1:0]  expo, eff, gap;
    logic [SigW-1:0]  big;
    logic [SigW:0]    part;
    logic [WideW-1:0] near_x, less, diff, lead, stop;
    {nan, special, sub, sign, norm, level, expo, gap, big, less} = d;
    near_x = {big, 1'b0};
    diff   = near_x - less;
    // The highest one of lead is that of the difference or one place above it: where the digits of
    // near_x - less are +1, -1, .. -1, it marks the last, for together they are a +1 there.
    // A difference must not be shifted below the smallest exponent: a one placed there stops it.
    eff    = {expo[ExpW-1:1], expo[0] | ~norm};
    {unused_stop, stop} = {1'b1, {WideW{1'b0}}} >> eff;
    lead   = ((near_x ^ less) & ~{~near_x[WideW-2:0] & less[WideW-2:0], 1'b0}) | stop;

    // Far: align little below big, with a guard bit; further ones leave a mark in sticky.
    {coarse, part} = shift_coarse({less[SigW-1:0], 1'b0}, gap[ShiftW-1:Fine]);
    // Near needs a distance of at most one, which doubling has made zero at most.
    is_near = sub & (level | ~|gap);
    q       = {nan, special, sub, sign, norm, level, is_near, coarse, |gap[ExpW-1:ShiftW], expo,
               gap[Fine-1:0], big, part, diff, lead};
  endtask

  // Ends the alignment. The leading zeros are counted beside.
  task automatic align(
    input  logic [WidthC-1:0] d,
    input  logic [CountW-1:0] count,
    output logic [WidthD-1:0] q
  );
    // verilator no_inline_task
    logic             nan, special, sub, sign, norm, level, is_near, coarse, beyond;
    logic             pick, fine, some, guard, sticky;
    logic [ExpW-1:0]  expo;
    logic [Fine-1:0]  gap;
    logic [SigW-1:0]  big;
    logic [SigW:0]    part, aligned;
    logic [WideW-1:0] diff, unused_lead, far_x, far_y;
    {nan, special, sub, sign, norm, level, is_near, coarse, beyond, expo, gap, big, part, diff,
     unused_lead} = d;
    // A difference that keeps its highest bit may need rounding. The far path has it, too.
    pick   = is_near & (level | ~diff[WideW-1]);
    {fine, aligned} = shift_fine(part, gap);
    some   = coarse | fine;
    sticky = beyond ? some | (|aligned) : some;
    far_x  = sub ? {big, 1'b0} : {1'b0, big};
    far_y  = {WideW{sub}} ^ {1'b0, aligned[SigW:1] & {SigW{~beyond}}};
    guard  = aligned[0] & ~beyond;
    q      = {nan, special, sub, sign, norm, pick, guard, sticky, expo, count, diff, far_x, far_y};
  endtask

  // Far: adds, plans the rounding. Near: begins to normalise.
  task automatic add(
    input  logic [WidthD-1:0] d,
    output logic [WidthE-1:0] q
  );
    // verilator no_inline_task
    logic              nan, special, sub, sign, norm, pick, guard_d, sticky, guard, carry_in;
    logic              round_one, round_two, low_bit, carry, up_one, up_two, zero, bottom, neg;
    logic [1:0]        low;
    logic [ExpW-1:0]   expo, eff, near_exp, exp_low;
    logic [CountW-1:0] count;
    logic [WideW-1:0]  diff, far_x_d, far_y_d, part;
    logic [SigW-1:0]   far_x, far_y, sum0, sum1;
    {nan, special, sub, sign, norm, pick, guard_d, sticky, expo, count, diff, far_x_d, far_y_d} = d;
    // The lowest bit takes the carry-in and the rounding, so that the rest needs only +0 or +1.
    // A sum below two ends in that bit, a larger one in the bit above.
    far_x     = far_x_d[WideW-1:1];
    far_y     = far_y_d[WideW-1:1];
    sum0      = far_x + far_y;
    sum1      = far_x + far_y + { {ManW{1'b0}}, 1'b1};
    // Below the adder, of a subtraction: the two's complement of guard and sticky.
    guard     = guard_d ^ (sub & sticky);
    carry_in  = sub & ~guard & ~sticky;
    low       = {1'b0, far_x_d[0]} + {1'b0, far_y_d[0]} + {1'b0, carry_in};
    round_one = guard & (low[0] | sticky);
    round_two = low[0] & (sum0[0] | guard | sticky);
    low_bit   = low[0] ^ round_one;
    carry     = low[1];
    up_one    = low[1] | (low[0] & round_one);
    up_two    = low[1] | round_two;

    // Near: the count may be one short, which the last segment mends.
    // exp_low: the exponent field if the highest bit of the result stays zero; else one more.
    zero      = ~|diff;
    part      = diff << {count[CountW-1:Fine], {Fine{1'b0}}};
    eff       = {expo[ExpW-1:1], expo[0] | ~norm};
    near_exp  = eff + ~{ {(ExpW-CountW){1'b0}}, count};
    bottom    = ~|near_exp;
    exp_low   = pick ? near_exp & {ExpW{~zero}} : expo - { {(ExpW-1){1'b0}}, sub};
    neg       = sign & ~nan & ~(pick & zero);
    q         = {neg, nan, special, norm, pick, bottom, low_bit, carry, up_one, up_two, exp_low,
                 count[Fine-1:0], part, sum0, sum1};
  endtask

  // Far: rounds. Near: ends normalising.
  task automatic normalise(
    input  logic [WidthE-1:0] d,
    output logic [WidthF-1:0] q
  );
    // verilator no_inline_task
    logic             neg, nan, special, norm, pick, bottom, low, carry, up_one, up_two, over, top;
    logic [ExpW-1:0]  exp_low;
    logic [Fine-1:0]  count;
    logic [WideW-1:0] part, norm_sig;
    logic [SigW-1:0]  sum0, sum1, total;
    {neg, nan, special, norm, pick, bottom, low, carry, up_one, up_two, exp_low, count, part, sum0,
     sum1} = d;
    over     = carry ? sum1[SigW-1] : sum0[SigW-1];
    total    = (over ? up_two : up_one) ? sum1 : sum0;
    // The highest bit of the far result; subnormal operands have none above the hidden bit.
    top      = norm ? total[SigW-1] : total[SigW-2];
    norm_sig = part << count;
    q        = {neg, nan, special, pick, bottom, low, over, top, exp_low, norm_sig,
                total[ManW-1:0]};
  endtask

  // Selects a path's result and packs it.
  task automatic pack(
    input  logic [WidthF-1:0] d,
    output logic [W-1:0]      sum
  );
    // verilator no_inline_task
    logic             neg, nan, special, pick, bottom, low, over, far_top, near_top, top;
    logic [ExpW-1:0]  exp_low, exp_high;
    logic [WideW-1:0] norm_sig;
    logic [ManW-1:0]  total, near_man, far_man;
    logic [W-1:0]     finite;
    {neg, nan, special, pick, bottom, low, over, far_top, exp_low, norm_sig, total} = d;
    exp_high = exp_low + { {(ExpW-1){1'b0}}, 1'b1};
    near_top = norm_sig[WideW-1];
    near_man = near_top | bottom ? norm_sig[ManW:1] : norm_sig[ManW-1:0];
    far_man  = over ? total & {ManW{~&exp_high}} : {total[ManW-2:0], low};
    top      = pick ? near_top : far_top;
    finite   = {neg, top ? exp_high : exp_low, pick ? near_man : far_man};
    sum      = special ? {neg, {ExpW{1'b1}}, nan, {(ManW-1){1'b0}}} : finite;
  endtask

  for (genvar i = 0; i < Lanes; i = i + 1) begin : gen_lane
    logic [WidthA-1:0] compared, to_swap;
    logic [WidthB-1:0] swapped, to_subtract;
    logic [WidthC-1:0] subtracted, to_align;
    logic [WidthD-1:0] aligned, to_add;
    logic [WidthE-1:0] added, to_normalise;
    logic [WidthF-1:0] normalised, to_pack;
    logic [CountW-1:0] count;
    logic [W-1:0]      a, b, sum;

    assign a = a_i[W*i +: W];
    assign b = b_i[W*i +: W];
    always_comb compare(a, b, compared);
    pipe_cut #(.Width(WidthA), .Cut(CutA)) u_cut_a (.clk_i, .d_i(compared), .q_o(to_swap));
    always_comb swap(to_swap, swapped);
    pipe_cut #(.Width(WidthB), .Cut(CutB)) u_cut_b (.clk_i, .d_i(swapped), .q_o(to_subtract));
    always_comb subtract(to_subtract, subtracted);
    pipe_cut #(.Width(WidthC), .Cut(CutC)) u_cut_c (.clk_i, .d_i(subtracted), .q_o(to_align));
    leading_zeros #(.Width(WideW)) u_zeros (.data_i(to_align[WideW-1:0]), .count_o(count));
    always_comb align(to_align, count, aligned);
    pipe_cut #(.Width(WidthD), .Cut(CutD)) u_cut_d (.clk_i, .d_i(aligned), .q_o(to_add));
    always_comb add(to_add, added);
    pipe_cut #(.Width(WidthE), .Cut(CutE)) u_cut_e (.clk_i, .d_i(added), .q_o(to_normalise));
    always_comb normalise(to_normalise, normalised);
    pipe_cut #(.Width(WidthF), .Cut(CutF)) u_cut_f (.clk_i, .d_i(normalised), .q_o(to_pack));
    always_comb pack(to_pack, sum);
    pipe_cut #(.Width(W), .Cut(1)) u_cut_g (.clk_i, .d_i(sum), .q_o(sum_o[W*i +: W]));
  end
endmodule
