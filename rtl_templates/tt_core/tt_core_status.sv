// Counts what happens and keeps the errors, through an abort, too.
module tt_core_status #(
  parameter  int CtrW   = {{ d.counter_bits }},  // bits of a counter
  parameter  int AliveW = {{ d.alive_w }},  // bits of a number of rows in flight
  localparam int Stages = {{ d.stages.len() }}
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              abort_i,
  input  logic              clear_i,
  output logic              flush_o,          // everything else back to the reset state
  // events
  input  logic              taken_i,          // a row is taken
  input  logic              bad_row_i,        // a bad one
{%- if d.pooling %}
  input  logic              done_i,           // a row without a result is done with
{%- endif %}
  input  logic              result_i,         // the last beat of a result leaves
  input  logic              held_i,           // a load beat is held
  input  logic              written_i,        // a line is written
  input  logic              load_waits_i,
  input  logic              rows_wait_i,
{%- if d.has_prefixes() %}
  input  logic              starved_i,        // the last stage waits for a product
{%- endif %}
  input  logic              crowded_i,        // the last stage waits for room
  input  logic [Stages-1:0] begun_i,          // operations begin
{%- if d.has_prefixes() %}
  input  logic [Stages-2:0] hit_i,            // a product is there already, or on its way
{%- endif %}
  input  logic              err_not_loaded_i,
  input  logic              err_row_range_i,
  input  logic              err_load_i,
  input  logic              err_nonfinite_i,
  input  logic [3:0]        ctr_sel_i,
  output logic [31:0]       ctr_o,
  output logic [3:0]        err_o,
  output logic              busy_o
);

  // Counters in the order of the documentation; those of stages that are not there read 0.
  localparam int Begun    = 9;
{%- if d.has_prefixes() %}
  localparam int Hits     = 12;
  localparam int Events   = Hits + Stages - 1;
{%- else %}
  localparam int Events   = Begun + Stages;
{%- endif %}

  logic [Events-1:0]      happens;
  logic [Events*CtrW-1:0] counts;
  logic [CtrW-1:0]        shown;
  logic [3:0]             err_q;
  logic [AliveW-1:0]      alive_q;

  assign flush_o = abort_i || clear_i;

  // A row leaves with its result or, if others of its bag follow, when it has been added.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) alive_q <= '0;
    else if (flush_o) alive_q <= '0;
{%- if d.pooling %}
    else alive_q <= alive_q + { {(AliveW-1){1'b0}}, taken_i} - { {(AliveW-1){1'b0}}, done_i}
                  - { {(AliveW-1){1'b0}}, result_i};
{%- else %}
    else alive_q <= alive_q + { {(AliveW-1){1'b0}}, taken_i} - { {(AliveW-1){1'b0}}, result_i};
{%- endif %}
  end
  assign busy_o = alive_q != '0 || held_i;

  always_comb begin
    happens    = '0;
    happens[0] = busy_o;
    happens[1] = taken_i && !bad_row_i;
    happens[2] = bad_row_i;
    happens[3] = result_i;
    happens[4] = written_i;
    happens[5] = load_waits_i;
    happens[6] = rows_wait_i;
{%- if d.has_prefixes() %}
    happens[7] = starved_i;
{%- endif %}
    happens[8] = crowded_i;
    happens[Begun +: Stages] = begun_i;
{%- if d.has_prefixes() %}
    happens[Hits +: Stages-1] = hit_i;
{%- endif %}
  end

  for (genvar i = 0; i < Events; i++) begin : gen_counter
{%- if d.has_prefixes() && d.stages.len() < 3 %}
    if (i >= Begun + Stages && i < Hits) begin : gen_absent
      logic unused_event;
      assign unused_event = happens[i];
      assign counts[CtrW*i +: CtrW] = '0;
    end else begin : gen_present
      logic [CtrW-1:0] count_q;
      assign counts[CtrW*i +: CtrW] = count_q;
      always_ff @(posedge clk_i or negedge rst_ni) begin
        if (!rst_ni) count_q <= '0;
        else if (clear_i) count_q <= '0;
        else if (happens[i] && !abort_i) count_q <= count_q + 1'b1;
      end
    end
{%- else %}
    logic [CtrW-1:0] count_q;
    assign counts[CtrW*i +: CtrW] = count_q;
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) count_q <= '0;
      else if (clear_i) count_q <= '0;
      else if (happens[i] && !abort_i) count_q <= count_q + 1'b1;
    end
{%- endif %}
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) err_q <= '0;
    else if (clear_i) err_q <= '0;
    else if (!abort_i) begin
      err_q <= err_q | {err_nonfinite_i, err_load_i, err_row_range_i, err_not_loaded_i};
    end
  end

  always_comb begin
    shown = '0;
    for (int i = 0; i < Events; i++) if ({28'd0, ctr_sel_i} == i) shown = counts[CtrW*i +: CtrW];
  end
{%- if d.counter_bits < 32 %}
  assign ctr_o = { {(32-CtrW){1'b0}}, shown};
{%- else %}
  assign ctr_o = shown;
{%- endif %}
  assign err_o = err_q;

endmodule
