// Hands finished slices on: sums to the result stream, updated rows to the write-back stream.
module pe_results #(
  parameter  int Beats = {{ d.beats }},  // beats of a slice, a power of two
  parameter  int W     = {{ d.width }},  // bits of a result beat
  parameter  int RowW  = {{ d.row_w }},  // bits of a row of the query table
  parameter  int Lanes = {{ d.lanes }},  // queries of a row
{%- if d.update %}
  parameter  int VecW  = {{ d.vec_w }},  // bits of a row beat in memory format
  parameter  int IdW   = {{ d.id_w }},  // bits of a row id
{%- endif %}
  localparam int TagW  = RowW + Lanes,
  localparam int SideW = {% if d.update %}(IdW > TagW) ? IdW : TagW{% else %}TagW{% endif %},
  localparam int BeatW = (Beats > 1) ? $clog2(Beats) : 1
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             flush_i,     // drop everything at this edge
{%- if d.update %}
  input  logic             update_i,
{%- endif %}
  input  logic             in_valid_i,
  output logic             in_ready_o,
  input  logic [SideW+W-1:0] in_data_i,  // {side, beat}; side counts on beat 0
  output logic             res_valid_o,
  input  logic             res_ready_i,
  output logic [RowW-1:0]  res_row_o,
  output logic [Lanes-1:0] res_mask_o,
  output logic [W-1:0]     res_data_o,
  output logic             res_last_o,
{%- if d.update %}
  output logic             wb_valid_o,
  input  logic             wb_ready_i,
  output logic [IdW-1:0]   wb_id_o,
  output logic [VecW-1:0]  wb_data_o,
  output logic             wb_last_o,
{%- endif %}
  output logic             pop_o        // a beat leaves
);

  localparam logic [BeatW-1:0] LastBeat = {{ d.last_beat }};

  logic [BeatW-1:0] beat_q;
  logic [SideW-1:0] side, side_q;
  logic             last;

  assign side = (beat_q == '0) ? in_data_i[W +: SideW] : side_q;
  assign last = beat_q == LastBeat;

{%- if d.update %}
  assign res_valid_o = in_valid_i && !update_i;
  assign wb_valid_o  = in_valid_i && update_i;
  assign in_ready_o  = update_i ? wb_ready_i : res_ready_i;
  assign wb_id_o     = side[IdW-1:0];
  assign wb_data_o   = in_data_i[VecW-1:0];
  assign wb_last_o   = last;
{%- else %}
  assign res_valid_o = in_valid_i;
  assign in_ready_o  = res_ready_i;
{%- endif %}
  assign {res_row_o, res_mask_o} = side[TagW-1:0];
  assign res_data_o  = in_data_i[W-1:0];
  assign res_last_o  = last;
  assign pop_o       = in_valid_i && in_ready_o;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) beat_q <= '0;
    else if (flush_i) beat_q <= '0;
    else if (pop_o) beat_q <= last ? '0 : beat_q + 1'b1;
  end

  always_ff @(posedge clk_i) begin
    if (pop_o) side_q <= side;
  end

endmodule
