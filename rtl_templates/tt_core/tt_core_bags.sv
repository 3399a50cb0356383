{%- if d.pooling -%}
// Says when a row may begin, whether it opens or completes its bag, and where its beats go.
// Rows begin in even cycles and sums are written an odd number of cycles after they are read, so
// that no bank of the bag memory is read and written at once.
{%- else -%}
// Says when a row may begin, and what goes with the beats of its result.
{%- endif %}
module tt_core_bags #(
{%- if d.pooling %}
  parameter  int Bags     = {{ d.bags }},  // bags that can be open, a power of two
{%- endif %}
  parameter  int BagW     = {{ d.bag_w }},  // bits of a bag's number
  parameter  int Beats    = {{ d.beats }},  // beats of a row, a power of two
  parameter  int BeatBits = {{ d.beat_bits }},  // bits of a beat
  parameter  int OutBeats = {{ d.out_beats }},  // of the result buffer, a power of two
  parameter  int Sums     = {{ d.sums_delay }},  // cycles from a step to its sums
{%- if d.pooling %}
  parameter  int Adds     = {{ d.pool_delay }},  // cycles from a read of the bag memory to the write, odd
{%- endif %}
  localparam int BeatW    = $clog2(Beats),
  localparam int RoomW    = $clog2(OutBeats) + 1,
  localparam int SideW    = BagW + 2
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      flush_i,      // back to the reset state at this edge
  // the row at hand, at the head of the last stage
  input  logic                      primed_i,     // it could begin
  output logic                      may_o,        // it may begin
  input  logic                      start_i,      // it begins
  input  logic                      step_i,       // a step of it
  input  logic [BagW-1:0]           bag_i,
{%- if d.pooling %}
  input  logic                      last_i,
{%- endif %}
  input  logic                      bad_i,
{%- if d.pooling %}
  // bag memory
  output logic                      read_o,       // a beat is to be added to
  output logic                      copy_o,       // or there is nothing to add to yet
  output logic [BagW-1:0]           read_bag_o,
  output logic [BeatW-1:0]          read_beat_o,
  output logic                      write_o,
  output logic [BagW-1:0]           write_bag_o,
  output logic [BeatW-1:0]          write_beat_o,
  output logic                      done_o,       // a row without a result is done with
{%- endif %}
  // results
  input  logic [BeatBits-1:0]       sum_i,
  output logic                      res_valid_o,
  output logic [SideW+BeatBits-1:0] res_data_o,   // {bag, err, last, beat}
  input  logic                      pop_i,        // a beat has left the result buffer
  output logic                      crowded_o     // the row at hand waits for room
);

{%- if d.pooling %}

  localparam int Depth = Sums + Adds;
  localparam int TagW  = BagW + 2;
  localparam int GapW  = {{ d.gap_w() }};
  localparam logic [GapW-1:0] Gap = {{ d.least_rows() - 1 }};  // cycles after a start without another
{%- else %}

  localparam int Depth = Sums;
  localparam int TagW  = BagW + 1;
  localparam int GapW  = BeatW;
  localparam logic [GapW-1:0] Gap = {{ d.beats - 1 }};  // cycles after a start without another
{%- endif %}
  localparam logic [RoomW-1:0] AllRoom = {{ d.out_beats }};  // OutBeats
  localparam logic [RoomW-1:0] OneRow  = {{ d.beats }};  // Beats

  logic [GapW-1:0]       gap_q;
  logic [RoomW-1:0]      room_q;         // beats of the result buffer that nobody has claimed
  logic [Depth-1:0]      due_q;          // steps on their way, and what belongs to them
  logic [Depth*TagW-1:0] tags_q;
  logic [TagW-1:0]       tag, row_q;
  logic [BagW-1:0]       res_bag;
  logic [BeatW-1:0]      beat_q;
  logic                  emit, enough, err, res_err, res_last;
{%- if d.pooling %}
  logic                  phase_q, copy, copy_q;
  logic [Sums-1:0]       copies_q;
  logic [Bags-1:0]       open_q, poison_q;
  logic [BeatW-1:0]      read_beat_q;
  logic                  res_emit, due;
{%- endif %}

  assign enough    = room_q[RoomW-1:BeatW] != '0;
{%- if d.pooling %}
  assign emit      = last_i;
  assign may_o     = gap_q == '0 && !phase_q && (!emit || enough);
  assign copy      = start_i ? !open_q[bag_i] : copy_q;
  assign err       = bad_i || poison_q[bag_i];
  assign tag       = start_i ? {bag_i, emit, err} : row_q;
{%- else %}
  assign emit      = 1'b1;
  assign may_o     = gap_q == '0 && enough;
  assign err       = bad_i;
  assign tag       = start_i ? {bag_i, err} : row_q;
{%- endif %}
  assign crowded_o = primed_i && emit && !enough;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      gap_q  <= '0;
      room_q <= AllRoom;
      due_q  <= '0;
      beat_q <= '0;
    end else if (flush_i) begin
      gap_q  <= '0;
      room_q <= AllRoom;
      due_q  <= '0;
      beat_q <= '0;
    end else begin
      if (start_i) gap_q <= Gap;
      else if (gap_q != '0) gap_q <= gap_q - 1'b1;
      room_q <= room_q - ((start_i && emit) ? OneRow : '0) + { {(RoomW-1){1'b0}}, pop_i};
      due_q  <= {due_q[Depth-2:0], step_i};
      if (due_q[Depth-1]) beat_q <= beat_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (start_i) row_q <= tag;
    tags_q <= {tags_q[TagW*(Depth-1)-1:0], tag};
{%- if d.pooling %}
    copy_q   <= copy;
    copies_q <= {copies_q[Sums-2:0], copy};
{%- endif %}
  end
{%- if d.pooling %}

  // A bag is open from its first row to its last, and poisoned from a bad row on.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      phase_q  <= 1'b0;
      open_q   <= '0;
      poison_q <= '0;
    end else if (flush_i) begin
      phase_q  <= 1'b0;
      open_q   <= '0;
      poison_q <= '0;
    end else begin
      phase_q <= !phase_q;
      if (start_i) begin
        open_q[bag_i]   <= !last_i;
        poison_q[bag_i] <= err && !last_i;
      end
    end
  end

  // Sums are there.
  assign copy_o      = copies_q[Sums-1];
  assign read_bag_o  = tags_q[TagW*Sums-1 -: BagW];
  assign read_o      = due_q[Sums-1] && !copy_o;
  assign read_beat_o = read_beat_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) read_beat_q <= '0;
    else if (flush_i) read_beat_q <= '0;
    else if (due_q[Sums-1]) read_beat_q <= read_beat_q + 1'b1;
  end

  // They have been added.
  assign {res_bag, res_emit, res_err} = tags_q[TagW*(Depth-1) +: TagW];
  assign due          = due_q[Depth-1];
  assign write_o      = due && !res_emit;
  assign write_bag_o  = res_bag;
  assign write_beat_o = beat_q;
  assign done_o       = write_o && res_last;
  assign res_valid_o  = due && res_emit;
{%- else %}

  assign {res_bag, res_err} = tags_q[TagW*(Depth-1) +: TagW];
  assign res_valid_o  = due_q[Depth-1];
{%- endif %}
  assign res_last     = beat_q == '1;
  assign res_data_o   = {res_bag, res_err, res_last, sum_i & {BeatBits{!res_err}}};

endmodule
