// Counts what happens and keeps the errors, through an abort, too.
module adc_switch_status #(
{%- if d.histogram %}
  parameter int CellBits = {{ d.cell_bits }},  // bits of a cell
{%- endif %}
  parameter int AdcBits  = {{ d.adc_bits }}  // full resolution
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

  localparam int Cost      = 5;  // the counter of comparators powered, or of bit cycles
  localparam int Histogram = 6;  // the first counter by resolution
  localparam int Counters  = Histogram{% if d.histogram %} + AdcBits - CellBits + 1{% endif %};

  logic [Counters-1:0]    event_now;
  logic [31:0]            cost;  // of one conversion of this access
  logic [32*Counters-1:0] ctr_q;
  logic [3:0]             err_q;

  assign flush_o = abort_i || clear_i;
  assign event_now[Cost:0] = {access_i, access_i, mac_i, read_i, skip_i, busy_i};
{%- if d.histogram %}
{%- if d.switching %}

  // The highest bit enabled tells the resolution.
  logic [AdcBits-CellBits:0] enabled;
  assign enabled = adc_en_i[AdcBits-1:CellBits-1];
  assign event_now[Counters-1:Histogram] =
      enabled & ~(enabled >> 1) & {(AdcBits-CellBits+1){access_i}};
{%- else %}
  assign event_now[Counters-1:Histogram] = { {(Counters-Histogram){1'b0}}, access_i} << (AdcBits - CellBits);
{%- endif %}
{%- endif %}
{% if d.switching && d.sar %}
  always_comb begin
    cost = '0;
    for (int i = 0; i < AdcBits; i++) if (adc_en_i[i]) cost = cost | (i + 1);
  end
{%- else if d.switching %}
  assign cost = { {(32-AdcBits){1'b0}}, adc_en_i};  // as a number, one for each comparator
{%- else if d.sar %}
  assign cost = AdcBits;
{%- else %}
  assign cost = 2**AdcBits - 1;
{%- endif %}

  for (genvar i = 0; i < Counters; i++) begin : gen_counter
    logic [31:0] add, count_q;
    assign add = (i == Cost) ? cost : 32'd1;
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) count_q <= '0;
      else if (clear_i) count_q <= '0;
      else if (event_now[i] && !abort_i) count_q <= count_q + add;
    end
    assign ctr_q[32*i +: 32] = count_q;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) err_q <= '0;
    else if (clear_i) err_q <= '0;
    else if (!abort_i) begin
      err_q <= err_q | {err_range_i, err_overflow_i, err_in_flight_i, err_changed_i};
    end
  end

  always_comb begin
    ctr_o = '0;
    for (int i = 0; i < Counters; i++) if ({28'd0, ctr_sel_i} == i) ctr_o = ctr_q[32*i +: 32];
  end
  assign err_o = err_q;

endmodule
