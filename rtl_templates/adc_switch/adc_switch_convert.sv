// Converts the columns of a sampled access in turn, one step of all ADCs a column.
module adc_switch_convert #(
{%- if d.switching %}
  parameter  int CellBits = {{ d.cell_bits }},  // bits of a cell
{%- endif %}
  parameter  int AdcBits  = {{ d.adc_bits }},  // full resolution
  parameter  int CountW   = {{ d.count_w }},  // bits of a number of rows of one access
  parameter  int Columns  = {{ d.columns }},  // of each ADC
  parameter  int Digits   = {{ d.digits }},  // columns of an element
  localparam int ColW     = (Columns > 1) ? $clog2(Columns) : 1,
  localparam int DigitW   = (Digits > 1) ? $clog2(Digits) : 1
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               flush_i,       // back to the reset state at this edge
  // from the array
  input  logic               conv_valid_i,
  output logic               conv_ready_o,
  input  logic               conv_close_i,
  input  logic               conv_first_i,
  input  logic               conv_emit_i,
  input  logic [CountW-1:0]  conv_n_i,
  // ADCs
  output logic               adc_start_o,
  output logic [ColW-1:0]    adc_col_o,
  output logic [AdcBits-1:0] adc_en_o,
  // to the sums
  output logic               step_end_o,    // codes come in the next cycle
  output logic               head_o,        // of the highest digit of an element
  output logic               tail_o,        // of the lowest
  output logic               first_o,       // no access of this query came before
  output logic               emit_o,        // none comes after
  output logic [CountW-1:0]  n_o,
  input  logic               drained_i,     // no code or element is on its way
  // to the results
  input  logic               due_i,         // a result has beats to leave
  output logic               announce_o,    // this access will complete a result
  output logic               close_o,       // the result is complete
  output logic               access_o       // an access begins to be converted
);

  localparam logic [ColW-1:0]   LastCol   = {{ d.columns - 1 }};  // Columns - 1
  localparam logic [ColW-1:0]   ElemCol   = {{ d.digits - 1 }};  // the first element ends
  localparam logic [DigitW-1:0] LastDigit = {{ d.digits - 1 }};  // Digits - 1

  logic              valid_q, close_q, first_q, emit_q;
  logic [CountW-1:0] n_q;
  logic [ColW-1:0]   col_q;
  logic [DigitW-1:0] digit_q;
  logic              begins, hold, step;  // begins: a step would begin in this cycle

  // The first element of a query replaces that of the query before, which must have left.
  assign hold         = begins && col_q == ElemCol && first_q && due_i;
  assign step         = valid_q && !close_q && !hold;
  assign close_o      = valid_q && close_q && !due_i && drained_i;
  assign conv_ready_o = !valid_q || close_o || (step_end_o && col_q == LastCol);
  assign adc_start_o  = step && begins;
  assign adc_col_o    = col_q;
  assign access_o     = adc_start_o && col_q == '0;
  assign announce_o   = adc_start_o && col_q == ElemCol && emit_q;
  assign head_o       = digit_q == '0;
  assign tail_o       = digit_q == LastDigit;
  assign first_o      = first_q;
  assign emit_o       = emit_q;
  assign n_o          = n_q;
{% if d.switching %}
  logic [AdcBits-1:0] bits;
  adc_switch_resolution #(.CellBits(CellBits), .AdcBits(AdcBits), .CountW(CountW)) u_resolution (
    .n_i   (n_q),
    .bits_o(bits)
  );
{% endif %}
{%- if d.sar %}
  // The bit under trial moves down, one a cycle; none is under trial when a step begins.
  logic [AdcBits-1:0] highest, trial, trial_q;
{%- if d.switching %}
  assign highest    = bits & ~(bits >> 1);
{%- else %}
  assign highest    = {1'b1, {(AdcBits-1){1'b0}}};
{%- endif %}
  assign begins     = trial_q == '0;
  assign trial      = begins ? highest : trial_q;
  assign adc_en_o   = step ? trial : '0;
  assign step_end_o = step && trial[0];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) trial_q <= '0;
    else if (flush_i) trial_q <= '0;
    else if (step) trial_q <= trial >> 1;
  end
{%- else %}
  // A step is one cycle, in which the comparators are powered.
  assign begins     = 1'b1;
  assign step_end_o = step;
{%- if d.switching %}
  assign adc_en_o   = step ? bits : '0;
{%- else %}
  assign adc_en_o   = {AdcBits{step}};
{%- endif %}
{%- endif %}

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      col_q   <= '0;
      digit_q <= '0;
    end else if (flush_i) begin
      valid_q <= 1'b0;
      col_q   <= '0;
      digit_q <= '0;
    end else begin
      if (conv_ready_o) valid_q <= conv_valid_i;
      if (step_end_o) begin
        col_q   <= (col_q == LastCol) ? '0 : col_q + 1'b1;
        digit_q <= tail_o ? '0 : digit_q + 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (conv_ready_o) begin
      close_q <= conv_close_i;
      first_q <= conv_first_i;
      emit_q  <= conv_emit_i;
      n_q     <= conv_n_i;
    end
  end

endmodule
