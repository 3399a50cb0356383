// Adds IEEE-754 numbers, rounding once to nearest even, subnormals included; any NaN is canonical.
module fp_add #(
  parameter int ExpW   = 8,
  parameter int ManW   = 23,
  parameter int Stages = 4   // register ranks: 2, 4 or 6
) (
  input  logic               clk_i,
  input  logic [ExpW+ManW:0] a_i,
  input  logic [ExpW+ManW:0] b_i,
  output logic [ExpW+ManW:0] sum_o   // of the operands Stages cycles before
);
  // Two paths: `near` subtracts exponents at most one apart, where many leading bits may cancel but
  // nothing is rounded; `far` does all else, where at most one bit cancels. The suffixes _a to _g
  // name the segments between possible ranks: _a compare | _b swap | _c subtract, align |
  // _d count, align | _e add, normalise | _f round, normalise | _g select
  localparam int SigW   = ManW + 1;          // significand with its hidden bit
  localparam int WideW  = SigW + 1;          // and a bit more: above it (far) or below (near)
  localparam int ShiftW = $clog2(SigW + 2);  // a far shift by 2**ShiftW leaves only sticky
  localparam int CountW = $clog2(WideW);
  localparam int Fine   = 2;                 // levels of shifters after cuts C, E

  localparam int CutA = Stages == 6 ? 1 : 0;
  localparam int CutB = Stages == 4 ? 1 : 0;
  localparam int CutC = Stages == 6 ? 1 : 0;
  localparam int CutD = 1;
  localparam int CutE = Stages == 6 ? 1 : 0;
  localparam int CutF = Stages == 2 ? 0 : 1;

  // ------------------------------------------------------------------------ segment a: compare
  logic [ExpW-1:0] a_exp, b_exp, a_eff, b_eff;
  logic [ManW-1:0] a_man, b_man;
  logic            a_sign, b_sign, a_norm, b_norm, a_max, b_max;
  assign {a_sign, a_exp, a_man} = a_i;
  assign {b_sign, b_exp, b_man} = b_i;
  assign a_norm = |a_exp;
  assign b_norm = |b_exp;
  assign a_max  = &a_exp;
  assign b_max  = &b_exp;
  // Subnormals have the exponent of the smallest normals.
  assign a_eff  = {a_exp[ExpW-1:1], a_exp[0] | ~a_norm};
  assign b_eff  = {b_exp[ExpW-1:1], b_exp[0] | ~b_norm};

  // The larger magnitude is called big, the other little: no difference is negative.
  localparam int MagW = ExpW + ManW;
  logic a_big_a, a_big_b;
  assign a_big_a = a_i[MagW-1:0] > b_i[MagW-1:0];

  // b - a of the exponents is the complement of a - b - 1. The far path doubles both operands of a
  // subtraction, so that they are one less apart.
  logic [ExpW-1:0] exp_diff0, exp_diff1, dist_a, dist_b;
  logic            exp_above, exp_same_a, exp_same_b, sub_a, sub_b;
  assign {exp_above, exp_diff0} = {1'b0, a_eff} + {1'b0, ~b_eff};
  assign exp_diff1  = a_eff - b_eff;
  assign exp_same_a = a_eff == b_eff;
  assign sub_a      = a_sign ^ b_sign;
  assign dist_a     = {ExpW{~exp_above}} ^ (sub_a ^ exp_above ? exp_diff1 : exp_diff0);

  logic               nan_a, nan_b, special_a, special_b;
  logic [ExpW+ManW:0] a_b, b_b;
  assign nan_a     = (a_max & |a_man) | (b_max & |b_man) | (a_max & b_max & sub_a);
  assign special_a = a_max | b_max;

  pipe_cut #(.Width(5 + ExpW + 2*(MagW+1)), .Cut(CutA)) u_cut_a (
    .clk_i,
    .d_i({nan_a, special_a, sub_a, exp_same_a, a_big_a, dist_a, a_i, b_i}),
    .q_o({nan_b, special_b, sub_b, exp_same_b, a_big_b, dist_b, a_b, b_b})
  );

  // --------------------------------------------------------------------------- segment b: swap
  logic             sign_b, norm_b, level_b, nan_c, special_c, sub_c, sign_c, norm_c, level_c;
  logic [ExpW-1:0]  exp_b, exp_c, little_exp, dist_c;
  logic [ManW-1:0]  big_man, little_man;
  logic [SigW-1:0]  big_b, big_c, little_b;
  logic [WideW-1:0] less_b, less_c;
  logic             unused_sign;
  assign {sign_b, exp_b, big_man}              = a_big_b ? a_b : b_b;
  assign {unused_sign, little_exp, little_man} = a_big_b ? b_b : a_b;
  assign norm_b   = |exp_b;
  assign big_b    = {norm_b, big_man};
  assign little_b = {|little_exp, little_man};
  // Near operands are {big, 0} and less. Level: exponents are equal and the far path is not used.
  assign level_b  = exp_same_b & sub_b;
  assign less_b   = level_b ? {little_b, 1'b0} : {1'b0, little_b};

  pipe_cut #(.Width(6 + 2*ExpW + SigW + WideW), .Cut(CutB)) u_cut_b (
    .clk_i,
    .d_i({nan_b, special_b, sub_b, sign_b, norm_b, level_b, exp_b, dist_b, big_b, less_b}),
    .q_o({nan_c, special_c, sub_c, sign_c, norm_c, level_c, exp_c, dist_c, big_c, less_c})
  );

  // --------------------------------------- segment c, near: subtract, anticipate leading zeros
  logic [WideW-1:0] near_x, diff_c, diff_d, diff_e;
  assign near_x = {big_c, 1'b0};
  assign diff_c = near_x - less_c;
  // The highest one of lead is that of the difference or one place above it: where the digits of
  // near_x - less are +1, -1, .. -1, it marks the last, for together they are a +1 there.
  // A difference must not be shifted below the smallest exponent: a one placed there stops it.
  logic [WideW-1:0] lead_c, lead_d, stop;
  logic [ExpW-1:0]  eff_c;
  logic             unused_stop;
  assign eff_c  = {exp_c[ExpW-1:1], exp_c[0] | ~norm_c};
  assign {unused_stop, stop} = {1'b1, {WideW{1'b0}}} >> eff_c;
  assign lead_c = ((near_x ^ less_c) & ~{~near_x[WideW-2:0] & less_c[WideW-2:0], 1'b0}) | stop;

  // Far: align little below big, with a guard bit; further ones leave a mark in sticky.
  logic [SigW:0]   part_c, part_d;
  logic            coarse_c, coarse_d, beyond_c, beyond_d;
  logic [Fine-1:0] dist_d;
  sticky_shift #(.Width(WideW), .AmountW(ShiftW - Fine), .Unit(2**Fine)) u_coarse (
    .data_i({less_c[SigW-1:0], 1'b0}), .amount_i(dist_c[ShiftW-1:Fine]),
    .data_o(part_c), .sticky_o(coarse_c)
  );
  assign beyond_c = |dist_c[ExpW-1:ShiftW];

  // Near needs a distance of at most one, which doubling has made zero at most.
  logic            near_c, near_d, nan_d, special_d, sub_d, sign_d, norm_d, level_d;
  logic [ExpW-1:0] exp_d;
  logic [SigW-1:0] big_d;
  assign near_c = sub_c & (level_c | ~|dist_c);

  pipe_cut #(.Width(9 + ExpW + Fine + SigW + 3*WideW), .Cut(CutC)) u_cut_c (
    .clk_i,
    .d_i({nan_c, special_c, sub_c, sign_c, norm_c, level_c, near_c, coarse_c, beyond_c, exp_c,
          dist_c[Fine-1:0], big_c, part_c, diff_c, lead_c}),
    .q_o({nan_d, special_d, sub_d, sign_d, norm_d, level_d, near_d, coarse_d, beyond_d, exp_d,
          dist_d, big_d, part_d, diff_d, lead_d})
  );

  // ------------------------------------------------- segment d: count zeros, end of alignment
  logic [CountW-1:0] count_d, count_e;
  logic              pick_d, pick_e;
  // A difference that keeps its highest bit may need rounding. The far path has it, too.
  assign pick_d = near_d & (level_d | ~diff_d[WideW-1]);
  leading_zeros #(.Width(WideW)) u_zeros (.data_i(lead_d), .count_o(count_d));

  logic [SigW:0]    aligned;
  logic [WideW-1:0] far_x_d, far_y_d, far_x_e, far_y_e;
  logic             fine, some, guard_d, guard_e, sticky_d, sticky_e;
  sticky_shift #(.Width(WideW), .AmountW(Fine)) u_fine (
    .data_i(part_d), .amount_i(dist_d), .data_o(aligned), .sticky_o(fine)
  );
  assign some     = coarse_d | fine;
  assign sticky_d = beyond_d ? some | (|aligned) : some;
  assign far_x_d  = sub_d ? {big_d, 1'b0} : {1'b0, big_d};
  assign far_y_d  = {WideW{sub_d}} ^ {1'b0, aligned[SigW:1] & {SigW{~beyond_d}}};
  assign guard_d  = aligned[0] & ~beyond_d;

  logic            nan_e, special_e, sub_e, sign_e, norm_e;
  logic [ExpW-1:0] exp_e;
  pipe_cut #(.Width(8 + ExpW + CountW + 3*WideW), .Cut(CutD)) u_cut_d (
    .clk_i,
    .d_i({nan_d, special_d, sub_d, sign_d, norm_d, pick_d, guard_d, sticky_d, exp_d,
          count_d, diff_d, far_x_d, far_y_d}),
    .q_o({nan_e, special_e, sub_e, sign_e, norm_e, pick_e, guard_e, sticky_e, exp_e,
          count_e, diff_e, far_x_e, far_y_e})
  );

  // ------------------------------------------------------- segment e, far: add, plan rounding
  // The lowest bit takes the carry-in and the rounding, so that the rest needs only +0 or +1.
  // A sum below two ends in that bit, a larger one in the bit above.
  logic [SigW-1:0] far_x, far_y, sum0_e, sum1_e, sum0_f, sum1_f;
  logic [1:0]      low;
  logic            guard, carry_in, round_one, round_two, up_one_e, up_two_e, low_e, carry_e;
  assign far_x     = far_x_e[WideW-1:1];
  assign far_y     = far_y_e[WideW-1:1];
  assign sum0_e    = far_x + far_y;
  assign sum1_e    = far_x + far_y + { {ManW{1'b0}}, 1'b1};
  // Below the adder, of a subtraction: the two's complement of guard and sticky.
  assign guard     = guard_e ^ (sub_e & sticky_e);
  assign carry_in  = sub_e & ~guard & ~sticky_e;
  assign low       = {1'b0, far_x_e[0]} + {1'b0, far_y_e[0]} + {1'b0, carry_in};
  assign round_one = guard & (low[0] | sticky_e);
  assign round_two = low[0] & (sum0_e[0] | guard | sticky_e);
  assign low_e     = low[0] ^ round_one;
  assign carry_e   = low[1];
  assign up_one_e  = low[1] | (low[0] & round_one);
  assign up_two_e  = low[1] | round_two;

  // Near: the count may be one short, which the last segment mends.
  // exp_low: the exponent field if the highest bit of the result stays zero; else one more.
  logic [WideW-1:0] part_e, part_f;
  logic [ExpW-1:0]  eff_e, near_exp, exp_low_e, exp_low_f;
  logic             zero, bottom_e, neg_e;
  assign zero      = ~|diff_e;
  assign part_e    = diff_e << {count_e[CountW-1:Fine], {Fine{1'b0}}};
  assign eff_e     = {exp_e[ExpW-1:1], exp_e[0] | ~norm_e};
  assign near_exp  = eff_e + ~{ {(ExpW-CountW){1'b0}}, count_e};
  assign bottom_e  = ~|near_exp;
  assign exp_low_e = pick_e ? near_exp & {ExpW{~zero}} : exp_e - { {(ExpW-1){1'b0}}, sub_e};
  assign neg_e     = sign_e & ~nan_e & ~(pick_e & zero);

  logic neg_f, nan_f, special_f, norm_f, pick_f, bottom_f, low_f, carry_f, up_one_f, up_two_f;
  logic [Fine-1:0] count_f;
  pipe_cut #(.Width(10 + ExpW + Fine + WideW + 2*SigW), .Cut(CutE)) u_cut_e (
    .clk_i,
    .d_i({neg_e, nan_e, special_e, norm_e, pick_e, bottom_e, low_e, carry_e, up_one_e, up_two_e,
          exp_low_e, count_e[Fine-1:0], part_e, sum0_e, sum1_e}),
    .q_o({neg_f, nan_f, special_f, norm_f, pick_f, bottom_f, low_f, carry_f, up_one_f, up_two_f,
          exp_low_f, count_f, part_f, sum0_f, sum1_f})
  );

  // ----------------------------------------------------- segment f: round, end of normalising
  logic [SigW-1:0]  far_f;
  logic [WideW-1:0] norm_sig_f, norm_sig_g;
  logic             over_f, top_f;
  assign over_f = carry_f ? sum1_f[SigW-1] : sum0_f[SigW-1];
  assign far_f  = (over_f ? up_two_f : up_one_f) ? sum1_f : sum0_f;
  // The highest bit of the far result; subnormal operands have none above the hidden bit.
  assign top_f  = norm_f ? far_f[SigW-1] : far_f[SigW-2];
  assign norm_sig_f = part_f << count_f;

  logic            neg_g, nan_g, special_g, pick_g, bottom_g, low_g, over_g, far_top_g;
  logic [ExpW-1:0] exp_low_g;
  logic [ManW-1:0] far_g;
  pipe_cut #(.Width(8 + ExpW + WideW + ManW), .Cut(CutF)) u_cut_f (
    .clk_i,
    .d_i({neg_f, nan_f, special_f, pick_f, bottom_f, low_f, over_f, top_f,
          exp_low_f, norm_sig_f, far_f[ManW-1:0]}),
    .q_o({neg_g, nan_g, special_g, pick_g, bottom_g, low_g, over_g, far_top_g,
          exp_low_g, norm_sig_g, far_g})
  );

  // -------------------------------------------------------------- segment g: select and pack
  logic [ManW-1:0]    near_man, far_man;
  logic [ExpW-1:0]    exp_high;
  logic               near_top, top;
  logic [ExpW+ManW:0] finite, sum;
  assign exp_high = exp_low_g + { {(ExpW-1){1'b0}}, 1'b1};
  assign near_top = norm_sig_g[WideW-1];
  assign near_man = near_top | bottom_g ? norm_sig_g[ManW:1] : norm_sig_g[ManW-1:0];
  assign far_man  = over_g ? far_g & {ManW{~&exp_high}} : {far_g[ManW-2:0], low_g};
  assign top      = pick_g ? near_top : far_top_g;
  assign finite   = {neg_g, top ? exp_high : exp_low_g, pick_g ? near_man : far_man};
  assign sum      = special_g ? {neg_g, {ExpW{1'b1}}, nan_g, {(ManW-1){1'b0}}} : finite;
  pipe_cut #(.Width(ExpW + ManW + 1), .Cut(1)) u_cut_g (.clk_i, .d_i(sum), .q_o(sum_o));
endmodule
