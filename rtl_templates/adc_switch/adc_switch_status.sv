// Counts what happens and keeps the errors, through an abort, too.
module adc_switch_status #(
{%- if d.histogram %}
  parameter int CellBits = {{ d.cell_bits }},  // bits of a cell
{%- endif %}
  parameter int AdcBits  = {{ d.adc_bits }},  // full resolution
  parameter int CounterW = {{ d.counter_w }}  // bits of a counter
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               abort_i,
  input  logic               clear_i,
  output logic               flush_o,          // everything else back to the reset state
  // events
  input  logic               busy_i,
  input  logic               skip_i,
  input  logic               read_i,
  input  logic               mac_i,
  input  logic               access_i,         // an access begins to be converted
{%- if d.switching %}
  input  logic [AdcBits-1:0] adc_en_i,         // at this resolution
{%- endif %}
  input  logic               err_changed_i,
  input  logic               err_in_flight_i,
  input  logic               err_overflow_i,
  input  logic               err_range_i,
  input  logic [3:0]         ctr_sel_i,
  output logic [31:0]        ctr_o,
  output logic [3:0]         err_o
);

  // Counters in the order of the documentation. The first ones count single events.
  localparam int AccessBit = 4;
  localparam int Cost      = 5;  // comparators powered, or bit cycles, of one conversion an access
{%- if d.histogram %}
  localparam int Histogram = 6;  // accesses by resolution, from that of one row up
  localparam int Counters  = Histogram + AdcBits - CellBits + 1;
{%- else %}
  localparam int Counters  = Cost + 1;
{%- endif %}

  logic [AccessBit:0]                happens;
  logic [CounterW*(AccessBit+1)-1:0] counts;
  logic [CounterW*Counters-1:0]      ctr;
  logic [3:0]                        err_q;

  assign flush_o = abort_i || clear_i;
  assign happens = {access_i, mac_i, read_i, skip_i, busy_i};

  for (genvar i = 0; i <= AccessBit; i++) begin : gen_counter
    logic [CounterW-1:0] count_q;
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) count_q <= '0;
      else if (clear_i) count_q <= '0;
      else if (happens[i] && !abort_i) count_q <= count_q + 1'b1;
    end
    assign counts[CounterW*i +: CounterW] = count_q;
  end
  assign ctr[CounterW*Cost-1:0] = counts;
{% if d.switching %}
  logic [CounterW-1:0] cost, cost_q;
{%- if d.sar %}
  logic [CounterW-1:0] bits;
  always_comb begin
    cost = '0;
    bits = '0;
    for (int i = 0; i < AdcBits; i++) begin
      bits = bits + 1'b1;
      if (adc_en_i[i]) cost = bits;
    end
  end
{%- else %}
  always_comb begin
    cost              = '0;
    cost[AdcBits-1:0] = adc_en_i;  // bit j stands for 2**j comparators
  end
{%- endif %}
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) cost_q <= '0;
    else if (clear_i) cost_q <= '0;
    else if (access_i && !abort_i) cost_q <= cost_q + cost;
  end
  assign ctr[CounterW*Cost +: CounterW] = cost_q;
{%- if d.histogram %}

  // The highest bit enabled tells the resolution.
  logic [AdcBits-CellBits:0] enabled, highest;
  assign enabled = adc_en_i[AdcBits-1:CellBits-1];
  assign highest = enabled & ~(enabled >> 1);
  for (genvar i = 0; i <= AdcBits - CellBits; i++) begin : gen_resolution
    logic [CounterW-1:0] count_q;
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) count_q <= '0;
      else if (clear_i) count_q <= '0;
      else if (access_i && highest[i] && !abort_i) count_q <= count_q + 1'b1;
    end
    assign ctr[CounterW*(Histogram+i) +: CounterW] = count_q;
  end
{%- endif %}
{%- else %}
  // All accesses have the full resolution, so that their number says the rest.
  logic [CounterW-1:0] accesses;
  assign accesses = counts[CounterW*AccessBit +: CounterW];
{%- if d.sar %}
  assign ctr[CounterW*Cost +: CounterW] = accesses * AdcBits[CounterW-1:0];
{%- else %}
  // 2**AdcBits - 1 comparators
  assign ctr[CounterW*Cost +: CounterW] = (accesses << AdcBits) - accesses;
{%- endif %}
{%- if d.histogram %}
  for (genvar i = 0; i <= AdcBits - CellBits; i++) begin : gen_resolution
    assign ctr[CounterW*(Histogram+i) +: CounterW] =
        (i == AdcBits - CellBits) ? accesses : '0;
  end
{%- endif %}
{%- endif %}

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) err_q <= '0;
    else if (clear_i) err_q <= '0;
    else if (!abort_i) begin
      err_q <= err_q | {err_range_i, err_overflow_i, err_in_flight_i, err_changed_i};
    end
  end

  always_comb begin
    ctr_o = '0;
    for (int i = 0; i < Counters; i++) begin
      if ({28'd0, ctr_sel_i} == i) ctr_o[CounterW-1:0] = ctr[CounterW*i +: CounterW];
    end
  end
  assign err_o = err_q;

endmodule
