// Drives the word lines of one access until its columns have settled and are sampled.
module adc_switch_array #(
  parameter  int Rows    = {{ d.rows }},  // word lines
  parameter  int CountW  = {{ d.count_w }},  // bits of a number of rows of one access
  parameter  int Latency = {{ d.latency }},  // cycles to the end of the sampling cycle, at least 2
  localparam int CycleW  = $clog2(Latency)
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              flush_i,       // back to the reset state at this edge
  // from the front
  input  logic              op_valid_i,
  output logic              op_ready_o,
  input  logic              op_close_i,    // no access, only the end of a query
  input  logic              op_first_i,
  input  logic              op_emit_i,
  input  logic [CountW-1:0] n_i,           // rows of the access
  input  logic [Rows-1:0]   wl_i,
  // to the sample-and-hold
  output logic              conv_valid_o,
  input  logic              conv_ready_i,
  output logic              conv_close_o,
  output logic              conv_first_o,
  output logic              conv_emit_o,
  output logic [CountW-1:0] conv_n_o,
  output logic [Rows-1:0]   wl_o,
  output logic              sample_o
);

  localparam logic [CycleW-1:0] LastCycle = {{ d.latency - 1 }};  // Latency - 1

  logic              valid_q, close_q, first_q, emit_q;
  logic [CountW-1:0] n_q;
  logic [Rows-1:0]   wl_q;
  logic [CycleW-1:0] cycle_q;
  logic              load;

  assign op_ready_o   = !valid_q || (conv_valid_o && conv_ready_i);
  assign load         = op_valid_i && op_ready_o;
  assign conv_valid_o = valid_q && (close_q || cycle_q == LastCycle);
  assign conv_close_o = close_q;
  assign conv_first_o = first_q;
  assign conv_emit_o  = emit_q;
  assign conv_n_o     = n_q;
  assign wl_o         = wl_q;
  assign sample_o     = conv_valid_o && conv_ready_i && !close_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      wl_q    <= '0;
    end else if (flush_i) begin
      valid_q <= 1'b0;
      wl_q    <= '0;
    end else if (op_ready_o) begin
      valid_q <= op_valid_i;
      wl_q    <= op_valid_i ? wl_i : '0;  // a close has no rows
    end
  end

  always_ff @(posedge clk_i) begin
    if (load) begin
      close_q <= op_close_i;
      first_q <= op_first_i;
      emit_q  <= op_emit_i;
      n_q     <= n_i;
      cycle_q <= '0;
    end else if (cycle_q != LastCycle) begin
      cycle_q <= cycle_q + 1'b1;
    end
  end

endmodule
