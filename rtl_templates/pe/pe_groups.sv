// Holds which slot the queries of each partial sum move to during one visit of a vector.
// A ring of Entries registers {p -> d}, oldest at the head, and one register for queries that have
// no slot yet. Only registers of the current visit (cur) match look-ups; the others wait to be
// written back to the slot table.
module pe_groups #(
  parameter  int Lanes   = {{ d.lanes }},  // look-ups a cycle
  parameter  int Entries = {{ d.entries }},  // registers of the ring, a power of two from 2
  parameter  int SlotW   = {{ d.slot_w }},  // bits of a slot number
  parameter  int CntW    = {{ d.cnt_w }},  // bits of a number of queries
  localparam int WordW   = SlotW + 1,
  localparam int IdxW    = $clog2(Entries)
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     flush_i,      // back to the reset state at this edge
  input  logic                     visit_end_i,  // the current visit ends at this edge
  // look-ups of one row, matched against the current visit
  input  logic [Lanes*WordW-1:0]   word_i,       // {slot, has one} of each lane; without one bit 1 is poison
  output logic [Lanes-1:0]         hit_none_o,
  output logic [Lanes*Entries-1:0] hit_ring_o,
  output logic [Lanes-1:0]         dup_o,        // the query has had this vector already
  // lanes that move; counted in the next cycle, until then the counts are unsettled
  input  logic [Lanes-1:0]         take_none_i,
  input  logic [Lanes*Entries-1:0] take_ring_i,
  input  logic [Lanes-1:0]         take_fin_i,   // those of them whose query finishes
  output logic                     settled_o,
  // insertion
  input  logic                     ins_ring_i,
  input  logic                     ins_none_i,
  input  logic                     ins_poison_i,
  input  logic [SlotW-1:0]         ins_p_i,
  input  logic [SlotW-1:0]         ins_d_i,
  input  logic [CntW-1:0]          ins_refp_i,
  input  logic [CntW-1:0]          ins_cnt_i,
  // contents
  output logic [Entries*SlotW-1:0] ring_d_o,
  output logic [Entries-1:0]       ring_poison_o,
  output logic                     ring_full_o,
  output logic                     ring_tight_o,   // room for one at most
  output logic                     ring_any_o,
  output logic                     head_cur_o,
  output logic                     head_poison_o,
  output logic [SlotW-1:0]         head_p_o,
  output logic [SlotW-1:0]         head_d_o,
  output logic [CntW-1:0]          head_refp_o,
  output logic [CntW-1:0]          head_cnt_o,
  output logic                     none_valid_o,
  output logic                     none_cur_o,
  output logic                     none_poison_o,
  output logic [SlotW-1:0]         none_d_o,
  output logic [CntW-1:0]          none_cnt_o,
  input  logic                     pop_ring_i,   // the head has been written back
  input  logic                     pop_none_i,
  // is this slot's table word out of date?
  input  logic [SlotW-1:0]         probe_i,
  output logic                     probe_busy_o,
  // is this slot held as a destination?
  input  logic [SlotW-1:0]         held_i,
  output logic                     held_o
);

  logic [Entries-1:0]       valid_q, cur_q, poison_q;
  logic [Entries*SlotW-1:0] p_q, d_q;
  logic [Entries*CntW-1:0]  refp_q, refp_d, cnt_q, cnt_d;
  logic [IdxW-1:0]          head_q, tail_q;
  logic                     none_valid_q, none_cur_q, none_poison_q;
  logic [SlotW-1:0]         none_d_q;
  logic [CntW-1:0]          none_cnt_q;
  logic [Entries-1:0]       probe_hit, held_hit;
  logic [CntW-1:0]          none_cnt_d;
  logic [Lanes-1:0]         none_stay_q;
  logic                     unsettled_q;

  // Match.
  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic [SlotW-1:0]   slot;
    logic               has;  // the word is a slot
    logic [Entries-1:0] dup;
    assign {slot, has}   = word_i[WordW*i +: WordW];
    assign hit_none_o[i] = none_valid_q && none_cur_q && !has && !slot[0];
    for (genvar e = 0; e < Entries; e++) begin : gen_entry
      assign hit_ring_o[Entries*i+e] =
          valid_q[e] && cur_q[e] && has && slot == p_q[SlotW*e +: SlotW];
      assign dup[e] = valid_q[e] && cur_q[e] && !poison_q[e] && slot == d_q[SlotW*e +: SlotW];
    end
    assign dup_o[i] = has && (dup != '0 ||
        (none_valid_q && none_cur_q && !none_poison_q && slot == none_d_q));
  end

  for (genvar e = 0; e < Entries; e++) begin : gen_probe
    assign probe_hit[e] = valid_q[e] && (p_q[SlotW*e +: SlotW] == probe_i ||
                                         (d_q[SlotW*e +: SlotW] == probe_i && !poison_q[e]));
    assign held_hit[e]  = valid_q[e] && !poison_q[e] && d_q[SlotW*e +: SlotW] == held_i;
  end
  assign probe_busy_o = probe_hit != '0 ||
      (none_valid_q && !none_poison_q && none_d_q == probe_i);
  assign held_o       = held_hit != '0 ||
      (none_valid_q && !none_poison_q && none_d_q == held_i);

  // Queries that move: refp falls by all of them, cnt rises by those that go on.
  assign settled_o = !unsettled_q;

  function automatic logic [CntW-1:0] count(input logic [Lanes-1:0] lanes);
    count = '0;
    for (int i = 0; i < Lanes; i++) count = count + { {(CntW-1){1'b0}}, lanes[i]};
  endfunction

  for (genvar e = 0; e < Entries; e++) begin : gen_count
    logic [Lanes-1:0] moved_q, stay_q;
    for (genvar i = 0; i < Lanes; i++) begin : gen_taken
      always_ff @(posedge clk_i) begin
        moved_q[i] <= take_ring_i[Entries*i+e];
        stay_q[i]  <= take_ring_i[Entries*i+e] && !take_fin_i[i];
      end
    end
    assign refp_d[CntW*e +: CntW] = refp_q[CntW*e +: CntW] - (unsettled_q ? count(moved_q) : '0);
    assign cnt_d[CntW*e +: CntW]  = cnt_q[CntW*e +: CntW] + (unsettled_q ? count(stay_q) : '0);
  end
  assign none_cnt_d = none_cnt_q + (unsettled_q ? count(none_stay_q) : '0);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q      <= '0;
      cur_q        <= '0;
      head_q       <= '0;
      tail_q       <= '0;
      none_valid_q <= 1'b0;
      none_cur_q   <= 1'b0;
      unsettled_q  <= 1'b0;
    end else if (flush_i) begin
      valid_q      <= '0;
      cur_q        <= '0;
      head_q       <= '0;
      tail_q       <= '0;
      none_valid_q <= 1'b0;
      none_cur_q   <= 1'b0;
      unsettled_q  <= 1'b0;
    end else begin
      unsettled_q <= take_none_i != '0 || take_ring_i != '0;
      if (pop_ring_i) begin
        valid_q[head_q] <= 1'b0;
        head_q          <= head_q + 1'b1;
      end
      if (ins_ring_i) begin
        valid_q[tail_q] <= 1'b1;
        tail_q          <= tail_q + 1'b1;
      end
      if (pop_none_i) none_valid_q <= 1'b0;
      if (ins_none_i) none_valid_q <= 1'b1;
      if (visit_end_i) begin
        cur_q      <= '0;
        none_cur_q <= 1'b0;
      end else begin
        if (ins_ring_i) cur_q[tail_q] <= 1'b1;
        if (ins_none_i) none_cur_q <= 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    refp_q     <= refp_d;
    cnt_q      <= cnt_d;
    none_cnt_q <= none_cnt_d;
    none_stay_q <= take_none_i & ~take_fin_i;
    if (ins_ring_i) begin
      poison_q[tail_q]              <= ins_poison_i;
      p_q[SlotW*tail_q +: SlotW]    <= ins_p_i;
      d_q[SlotW*tail_q +: SlotW]    <= ins_d_i;
      refp_q[CntW*tail_q +: CntW]   <= ins_refp_i;
      cnt_q[CntW*tail_q +: CntW]    <= ins_cnt_i;
    end
    if (ins_none_i) begin
      none_poison_q <= ins_poison_i;
      none_d_q      <= ins_d_i;
      none_cnt_q    <= ins_cnt_i;
    end
  end

  assign ring_d_o      = d_q;
  assign ring_poison_o = poison_q;
  assign ring_full_o   = valid_q == '1;
  assign ring_tight_o  = (~valid_q & (~valid_q - 1'b1)) == '0;
  assign ring_any_o    = valid_q != '0;
  assign head_cur_o    = cur_q[head_q];
  assign head_poison_o = poison_q[head_q];
  assign head_p_o      = p_q[SlotW*head_q +: SlotW];
  assign head_d_o      = d_q[SlotW*head_q +: SlotW];
  assign head_refp_o   = refp_q[CntW*head_q +: CntW];
  assign head_cnt_o    = cnt_q[CntW*head_q +: CntW];
  assign none_valid_o  = none_valid_q;
  assign none_cur_o    = none_cur_q;
  assign none_poison_o = none_poison_q;
  assign none_d_o      = none_d_q;
  assign none_cnt_o    = none_cnt_q;

endmodule
