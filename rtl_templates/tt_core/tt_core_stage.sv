{%- if s.last -%}
// Begins the operations of the last stage in order, each when all it needs is there and has room.
{%- else -%}
// Begins the operations of stage {{ s.k }} in order, and says where their products are to be written.
{%- endif %}
// The steps of an operation follow each other without a gap: a chunk of columns of B meets all
// groups of rows of A, so that B is read once only.
module tt_core_stage{{ s.k }} #(
{%- if d.several() %}
  parameter  int TableW  = {{ d.table_port_w }},  // bits of a table's number
{%- endif %}
{%- if s.k == 1 %}
  parameter  int SourceW = {{ s.source_w }},  // bits of the first digit
{%- else %}
  parameter  int Entries = {{ d.entries }},  // a power of two
{%- endif %}
  parameter  int DigitW  = {{ s.digit_w }},  // bits of digit {{ s.k + 1 }}
{%- if s.last %}
  parameter  int BagW    = {{ d.bag_w }},  // bits of a bag's number
{%- else %}
  parameter  int DestW   = {{ d.entry_w() }},  // bits of an entry's number
  parameter  int Delay   = {{ s.delay }},  // cycles from a step to its words being written
{%- endif %}
{%- if s.chunk_w > 0 %}
  parameter  int ChunkW  = {{ s.chunk_w }},  // bits of a chunk's number
{%- endif %}
{%- if s.group_w > 0 %}
  parameter  int GroupW  = {{ s.group_w }},  // bits of a group's number
{%- endif %}
{%- if s.k > 1 %}
  localparam int SourceW = $clog2(Entries),
{%- endif %}
  localparam int StepW   = {{ s.step_sum() }},
  localparam int OpW     = {{ s.op_sum(d) }}
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               flush_i,       // back to the reset state at this edge
  // operations {{ s.op_fields(d) }}
  input  logic               op_valid_i,
  output logic               op_ready_o,
  input  logic [OpW-1:0]     op_data_i,
  // may it begin
  input  logic               held_i,        // a line waits for a memory that it would read
{%- if s.k > 1 %}
  input  logic [Entries-1:0] done_i,        // entries that can be read
{%- endif %}
{%- if s.last %}
  input  logic               may_i,         // it is time, and there is room for its result
{%- endif %}
  // A
  output logic               row_read_o,
{%- if s.k == 1 %}
  output logic [SourceW-1:0] row_digit_o,
{%- else %}
  output logic [SourceW-1:0] row_entry_o,
{%- endif %}
{%- if s.group_w > 0 %}
  output logic [GroupW-1:0]  row_group_o,
{%- endif %}
  output logic               a_load_o,      // what was read is there
  // B
  output logic               col_read_o,
  output logic [DigitW-1:0]  col_digit_o,
{%- if s.chunk_w > 0 %}
  output logic [ChunkW-1:0]  col_chunk_o,
{%- endif %}
  output logic               b_load_o,
{%- if d.several() %}
  output logic [TableW-1:0]  table_o,       // of the operation at hand
{%- endif %}
{%- if s.last %}
  // rows
  output logic               primed_o,      // one could begin but for may_i and held_i
  output logic               start_o,       // one begins
  output logic               step_o,
  output logic [BagW-1:0]    bag_o,
{%- if d.pooling %}
  output logic               last_o,
{%- endif %}
  output logic               bad_o,
{%- if s.k > 1 %}
  output logic               starved_o,     // its product is not there yet
{%- endif %}
{%- else %}
  // words of a product
  output logic               write_o,
  output logic [DestW-1:0]   write_entry_o,
  output logic [StepW-1:0]   write_unit_o,  // row by row
  output logic               done_o,        // the last ones
{%- if s.scale_table(d) %}
  output logic [TableW-1:0]  scale_table_o, // of the words whose sums come in the next cycle
{%- endif %}
{%- endif %}
{%- if s.frees() %}
  output logic               ended_o,       // an operation that is not bad ends
{%- endif %}
  output logic               begun_o        // an operation that is not bad begins
);

  logic [StepW-1:0]   step_q;  // {chunk, group}
  logic [SourceW-1:0] source;
{%- if !s.last %}
  logic [DestW-1:0]   dest;
{%- endif %}
  logic               first, begins, step{% if s.k > 1 %}, there{% endif %};

{%- if s.last %}

  assign { {%- if d.several() %}table_o, {% endif %}source, col_digit_o, bag_o, {% if d.pooling %}last_o, {% endif %}bad_o} = op_data_i;
{%- else %}

  assign { {%- if d.several() %}table_o, {% endif %}source, col_digit_o, dest} = op_data_i;
{%- endif %}
  assign first       = step_q == '0;
{%- if s.k > 1 && s.last %}
  assign there       = bad_o || done_i[source];
{%- else if s.k > 1 %}
  assign there       = done_i[source];
{%- endif %}
  assign begins      = {% if s.k > 1 %}there && {% endif %}!held_i{% if s.last %} && may_i{% endif %};
  assign step        = op_valid_i && (!first || begins);
  assign op_ready_o  = step && step_q == '1;
  assign begun_o     = step && first{{ s.good() }};
{%- if s.frees() %}
  assign ended_o     = op_ready_o{{ s.good() }};
{%- endif %}
  assign row_read_o  = step{{ s.good() }};
  assign col_read_o  = step{{ s.good() }}{% if s.group_w > 0 %} && step_q[GroupW-1:0] == '0{% endif %};
{%- if s.k == 1 %}
  assign row_digit_o = source;
{%- else %}
  assign row_entry_o = source;
{%- endif %}
{%- if s.group_w > 0 %}
  assign row_group_o = step_q[GroupW-1:0];
{%- endif %}
{%- if s.chunk_w > 0 %}
  assign col_chunk_o = step_q[StepW-1 -: ChunkW];
{%- endif %}
{%- if s.last %}
{%- if s.k > 1 %}
  assign primed_o    = op_valid_i && first && there;
  assign starved_o   = op_valid_i && first && !there;
{%- else %}
  assign primed_o    = op_valid_i && first;
{%- endif %}
  assign start_o     = step && first;
  assign step_o      = step;
{%- endif %}

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) step_q <= '0;
    else if (flush_i) step_q <= '0;
    else if (step) step_q <= step_q + 1'b1;
  end

  always_ff @(posedge clk_i) begin
    a_load_o <= row_read_o;
    b_load_o <= col_read_o;
  end
{%- if !s.last %}

  // Where words go travels beside them, and their place is counted anew.
  logic [Delay-1:0]       due_q;
  logic [Delay*DestW-1:0] dests_q;
  logic [StepW-1:0]       place_q;

  assign write_o       = due_q[Delay-1];
  assign write_entry_o = dests_q[DestW*(Delay-1) +: DestW];
{%- if s.chunk_w > 0 && s.group_w > 0 %}
  assign write_unit_o  = {place_q[GroupW-1:0], place_q[StepW-1 -: ChunkW]};
{%- else %}
  assign write_unit_o  = place_q;
{%- endif %}
  assign done_o        = write_o && place_q == '1;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      due_q   <= '0;
      place_q <= '0;
    end else if (flush_i) begin
      due_q   <= '0;
      place_q <= '0;
    end else begin
      due_q <= {due_q[Delay-2:0], step};
      if (write_o) place_q <= place_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) dests_q <= {dests_q[DestW*(Delay-1)-1:0], dest};
{%- if s.scale_table(d) %}

  logic [(Delay-3)*TableW-1:0] tables_q;
  assign scale_table_o = tables_q[TableW*(Delay-4) +: TableW];
  always_ff @(posedge clk_i) tables_q <= {tables_q[TableW*(Delay-4)-1:0], table_o};
{%- endif %}
{%- endif %}

endmodule
