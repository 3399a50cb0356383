// Starts operations, each in the first cycle in which nothing it needs is taken.
// The issue register holds the next operation; what only copies a vector (a PASS) waits for its
// banks in the side register, so that it holds up no addition. An operation started in cycle t
// occupies its executor, beat by beat, from cycle t+1. The banks of the reduction buffer are
// reserved ahead of time, so that nothing behind this point ever stalls.
module pe_issue #(
  parameter  int Beats    = {{ d.beats }},  // beats of a slice, a power of two
  parameter  int SlotW    = {{ d.slot_w }},  // bits of a slot number
  parameter  int TagW     = {{ d.emit_w }},  // bits that name who gets a result: row and lanes
  parameter  int Lanes    = {{ d.lanes }},  // lanes of a row
  parameter  int Depth    = {{ d.depth }},  // cycles from reading a beat to writing its sum, odd
  parameter  int OutBeats = {{ d.out_beats }},  // capacity of the result buffer
  localparam int BeatW    = (Beats > 1) ? $clog2(Beats) : 1,
  localparam int CredW    = $clog2(OutBeats) + 1,
  localparam int OpW      = 3 + 2 * SlotW + 1 + TagW
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             flush_i,       // back to the reset state at this edge
  // operations {kind, p, d, wr, row, emit}
  input  logic             op_valid_i,
  output logic             op_ready_o,
  input  logic [OpW-1:0]   op_data_i,
  // vector buffer
  input  logic             usable_i,
  output logic             retire_o,      // the vector at hand is done with
  output logic             aside_o,       // a PASS of the vector at hand enters the side register
  output logic             pass_held_o,   // the side register is full
  // what starts this cycle
  output logic             emit_o,        // it will deliver a result
  input  logic             emit_ready_i,  // and its name has room on the way
  output logic             copy_o,        // the result is a copy, not a sum
  output logic [TagW-1:0]  emit_tag_o,    // row and lanes that get it
  output logic [Lanes-1:0] emit_lanes_o,
  output logic             add_o,
  output logic             fill_o,
  output logic             upd_o,
  // main executor: reads the reduction buffer
  output logic             main_start_o,  // begins in the next cycle
  output logic             main_act_o,
  output logic             main_vec_o,    // reads the vector, too
  output logic             main_rd_o,     // the sum read is the result
  output logic [BeatW-1:0] main_beat_o,
  output logic [SlotW-1:0] main_p_o,
  // side executor: a vector becomes a sum or a result
  output logic             side_start_o,
  output logic             side_act_o,
  output logic [BeatW-1:0] side_beat_o,
  // write of a vector that becomes a sum
  output logic             fill_act_o,
  output logic [BeatW-1:0] fill_beat_o,
  output logic [SlotW-1:0] fill_d_o,
  // write-back of sums
  output logic             write_act_o,
  output logic [BeatW-1:0] write_beat_o,
  output logic [SlotW-1:0] write_d_o,
  // credit
  input  logic             out_pop_i,     // a beat leaves the PE
  output logic             idle_o,
  output logic             waits_o,       // the issue register is full
  output logic             stall_vec_o,
  output logic             stall_out_o,
  output logic             stall_bank_o
);

  localparam logic [2:0] OpEnd  = 3'd0;
  localparam logic [2:0] OpPass = 3'd1;
  localparam logic [2:0] OpAdd  = 3'd2;
  localparam logic [2:0] OpRd   = 3'd3;
  localparam logic [2:0] OpUpd  = 3'd4;

  localparam int                 Ahead    = Depth + Beats;   // cycles that are reserved ahead
  localparam logic [BeatW-1:0]   LastBeat = {{ d.last_beat }};
  localparam logic [CredW-1:0]   OutFull  = {{ d.out_beats - d.beats }};  // OutBeats - Beats
  localparam logic [CredW-1:0]   Slice    = {{ d.beats }};

  // Issue register.
  logic                   valid_q;                   // it is full
  logic [OpW-1:0]         op_q;
  logic [2:0]             kind;
  logic [SlotW-1:0]       p, d;
  logic                   wr;
  logic [TagW-1:0]        tag;
  logic                   needs_vec, needs_main, emits, vec_ok, exec_ok, credit_ok, bank_ok;
  logic                   hazard, behind, meets_vec, main_start, leave;
  // Side register.
  logic                   pass_q;                    // it is full
  logic [SlotW-1:0]       pass_d_q;
  logic                   pass_wr_q;
  logic [TagW-1:0]        pass_tag_q;
  // The PASS that is next: there or, if it is empty, in the issue register.
  logic                   pass, pass_wr, pass_emits, pass_hazard, pass_meets_vec, pass_bank_ok;
  logic                   pass_start, pass_leave;
  logic [SlotW-1:0]       pass_d;
  logic [TagW-1:0]        pass_tag;
  // Both.
  logic [2*Ahead-1:0]     resv_q, pattern, fill;     // both banks, bit j: cycle t+1+j
  logic [Depth-1:0]       hist_q;                    // a sum is on its way to hist_d
  logic [1:0]             fills_q;                   // a vector is
  logic [Depth*SlotW-1:0] hist_d_q;
  logic [Depth-1:0]       meets, pass_meets;
  logic [BeatW-1:0]       gap_q;                     // cycles until a result may start again
  logic [CredW-1:0]       used_q;                    // beats of the result buffer spoken for
  logic                   room;
  logic                   main_act_q, main_rd_q, side_act_q, fill_act_q, write_act_q;
  logic [BeatW-1:0]       main_beat_q, side_beat_q, fill_beat_q, write_beat_q;
  logic [SlotW-1:0]       main_p_q, fill_d_q, write_d_q;
  logic                   main_free, side_free;

  assign {kind, p, d, wr, tag} = op_q;

  assign needs_vec  = kind == OpEnd || kind == OpPass || kind == OpAdd || kind == OpUpd;
  assign needs_main = kind == OpAdd || kind == OpRd || kind == OpUpd;
  assign emits      = (needs_main && tag[Lanes-1:0] != '0) || kind == OpUpd;
  assign pass       = pass_q || (valid_q && kind == OpPass && usable_i);
  assign pass_d     = pass_q ? pass_d_q : d;
  assign pass_wr    = pass_q ? pass_wr_q : wr;
  assign pass_tag   = pass_q ? pass_tag_q : tag;
  assign pass_emits = pass_tag[Lanes-1:0] != '0;

  // Reservations: bit j of a bank's half is its use in cycle t+1+j.
  for (genvar j = 0; j < Ahead; j++) begin : gen_pattern
    logic reads, writes, fills;
    assign reads  = j < Beats && needs_main;
    assign writes = j >= Depth && kind == OpAdd && wr;
    assign fills  = j >= 2 && j < 2 + Beats && pass_wr;
{%- if d.beats == 1 %}
    assign pattern[j]       = (reads && !p[0]) || (writes && !d[0]);
    assign pattern[Ahead+j] = (reads && p[0]) || (writes && d[0]);
    assign fill[j]          = fills && !pass_d[0];
    assign fill[Ahead+j]    = fills && pass_d[0];
{%- else %}
    assign pattern[j]       = (reads && j % 2 == 0) || (writes && (j - Depth) % 2 == 0);
    assign pattern[Ahead+j] = (reads && j % 2 == 1) || (writes && (j - Depth) % 2 == 1);
    assign fill[j]          = fills && j % 2 == 0;
    assign fill[Ahead+j]    = fills && j % 2 == 1;
{%- endif %}
  end

  for (genvar j = 0; j < Depth; j++) begin : gen_hist
    logic [SlotW-1:0] written;
    logic             some;
    assign written       = hist_d_q[SlotW*j +: SlotW];
    assign some          = hist_q[j] || (j < 2 && fills_q[j%2]);
    assign meets[j]      = some && written == p;
    assign pass_meets[j] = some && written == pass_d;
  end

{% if d.beats > 2 %}
  // Both executors would read the same bank of the vector buffer: the other one comes to an even
  // beat in the next cycle.
  assign meets_vec      = kind != OpRd && side_act_q && side_beat_q[0] && side_beat_q != LastBeat;
  assign pass_meets_vec = main_vec_o && main_beat_q[0] && main_beat_q != LastBeat;
{%- else %}
  // The other executor, if it is not free, reads another bank of the vector buffer.
  assign meets_vec      = 1'b0;
  assign pass_meets_vec = 1'b0;
{%- endif %}

  assign main_free    = !main_act_q || main_beat_q == LastBeat;
  assign side_free    = !side_act_q || side_beat_q == LastBeat;
  assign room         = used_q <= OutFull && emit_ready_i;

  // The issue register.
  assign hazard       = meets != '0;
  assign behind       = pass_q && pass_wr_q &&
                        (pass_d_q == p || (kind == OpAdd && wr && pass_d_q == d));
  assign vec_ok       = !needs_vec || usable_i;
  assign exec_ok      = !needs_main || main_free;
  assign credit_ok    = !emits || room;
  assign bank_ok      = (pattern & resv_q) == '0 && !hazard && !behind && !meets_vec &&
                        (!emits || gap_q == '0);
  assign main_start   = valid_q && needs_main && vec_ok && main_free && credit_ok && bank_ok;
  assign pass_leave   = valid_q && kind == OpPass && vec_ok && (!pass_q || pass_start);
  assign aside_o      = pass_leave && (pass_q || !pass_start);
  assign retire_o     = valid_q && kind == OpEnd && vec_ok;
  assign leave        = main_start || pass_leave || retire_o;
  assign op_ready_o   = !valid_q || leave;

  // The next PASS.
  assign pass_hazard  = pass_meets != '0;
  assign pass_bank_ok = (fill & resv_q) == '0 && !(pass_wr && pass_hazard) && !pass_meets_vec;
  assign pass_start   = pass && side_free && pass_bank_ok && !main_start &&
                        (!pass_emits || (room && gap_q == '0));
  assign pass_held_o  = pass_q;

  assign emit_o       = (main_start && emits) || (pass_start && pass_emits);
  assign copy_o       = pass_start || kind == OpRd;
  assign emit_tag_o   = pass_start ? pass_tag : tag;
  assign emit_lanes_o = emit_tag_o[Lanes-1:0];
  assign add_o        = main_start && kind == OpAdd;
  assign fill_o       = pass_start && pass_wr;
  assign upd_o        = main_start && kind == OpUpd;

  assign waits_o      = valid_q;
  assign stall_vec_o  = valid_q && !vec_ok;
  assign stall_out_o  = valid_q && vec_ok && !credit_ok;
  assign stall_bank_o = valid_q && vec_ok && credit_ok && exec_ok && !leave;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q     <= 1'b0;
      pass_q      <= 1'b0;
      resv_q      <= '0;
      hist_q      <= '0;
      fills_q     <= '0;
      gap_q       <= '0;
      used_q      <= '0;
      main_act_q  <= 1'b0;
      side_act_q  <= 1'b0;
      fill_act_q  <= 1'b0;
      write_act_q <= 1'b0;
    end else if (flush_i) begin
      valid_q     <= 1'b0;
      pass_q      <= 1'b0;
      resv_q      <= '0;
      hist_q      <= '0;
      fills_q     <= '0;
      gap_q       <= '0;
      used_q      <= '0;
      main_act_q  <= 1'b0;
      side_act_q  <= 1'b0;
      fill_act_q  <= 1'b0;
      write_act_q <= 1'b0;
    end else begin
      valid_q <= op_valid_i || (valid_q && !leave);
      pass_q  <= aside_o || (pass_q && !pass_start);
      for (int j = 0; j < 2 * Ahead; j++) begin
        resv_q[j] <= (j % Ahead != Ahead - 1) &&
                     (resv_q[(j+1)%(2*Ahead)] || (main_start && pattern[(j+1)%(2*Ahead)]) ||
                      (pass_start && fill[(j+1)%(2*Ahead)]));
      end
      hist_q  <= {hist_q[Depth-2:0], add_o && wr};
      fills_q <= {fills_q[0], fill_o};
      if (emit_o) gap_q <= LastBeat;
      else if (gap_q != '0) gap_q <= gap_q - 1'b1;
      used_q <= used_q + (emit_o ? Slice : '0) - { {(CredW-1){1'b0}}, out_pop_i};
      main_act_q  <= main_start_o || (main_act_q && main_beat_q != LastBeat);
      side_act_q  <= side_start_o || (side_act_q && side_beat_q != LastBeat);
      fill_act_q  <= fills_q[1] || (fill_act_q && fill_beat_q != LastBeat);
      write_act_q <= hist_q[Depth-1] || (write_act_q && write_beat_q != LastBeat);
    end
  end

  always_ff @(posedge clk_i) begin
    if (op_ready_o) op_q <= op_data_i;
    if (aside_o) begin
      pass_d_q   <= d;
      pass_wr_q  <= wr;
      pass_tag_q <= tag;
    end
    hist_d_q <= {hist_d_q[(Depth-1)*SlotW-1:0], pass_start ? pass_d : d};
    if (main_start_o) begin
      main_rd_q   <= kind == OpRd;
      main_p_q    <= p;
      main_beat_q <= '0;
    end else begin
      main_beat_q <= main_beat_q + 1'b1;
    end
    side_beat_q <= side_start_o ? '0 : side_beat_q + 1'b1;
    if (fills_q[1]) begin
      fill_d_q    <= hist_d_q[SlotW +: SlotW];
      fill_beat_q <= '0;
    end else begin
      fill_beat_q <= fill_beat_q + 1'b1;
    end
    if (hist_q[Depth-1]) begin
      write_d_q    <= hist_d_q[(Depth-1)*SlotW +: SlotW];
      write_beat_q <= '0;
    end else begin
      write_beat_q <= write_beat_q + 1'b1;
    end
  end

  assign main_start_o = main_start;
  assign main_act_o   = main_act_q;
  assign main_vec_o   = main_act_q && !main_rd_q;
  assign main_rd_o    = main_rd_q;
  assign main_beat_o  = main_beat_q;
  assign main_p_o     = main_p_q;
  assign side_start_o = pass_start;
  assign side_act_o   = side_act_q;
  assign side_beat_o  = side_beat_q;
  assign fill_act_o   = fill_act_q;
  assign fill_beat_o  = fill_beat_q;
  assign fill_d_o     = fill_d_q;
  assign write_act_o  = write_act_q;
  assign write_beat_o = write_beat_q;
  assign write_d_o    = write_d_q;
  assign idle_o       = !valid_q && !pass_q && !op_valid_i && !main_act_q && !side_act_q &&
                        hist_q == '0 && fills_q == '0 && used_q == '0;

endmodule
