// Sums the beats of a packet and emits the sum with the beat count when the packet ends.
module acc (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        in_valid_i,
  output logic        in_ready_o,
  input  logic [99:0] in_data_i,
  input  logic        in_last_i,
  output logic        out_valid_o,
  input  logic        out_ready_i,
  output logic [99:0] out_sum_o,
  output logic [8:0]  out_count_o,
  input  logic        flush_i,
  output logic [39:0] total_o,
  output logic        busy_o
);
  logic [99:0] sum_q, out_q, memory_q [0:3];
  logic [8:0]  count_q, out_count_q;
  logic [39:0] total_q;
  logic        out_valid_q;

  assign in_ready_o  = !out_valid_q || out_ready_i;
  assign out_valid_o = out_valid_q;
  assign out_sum_o   = out_q;
  assign out_count_o = out_count_q;
  assign total_o     = total_q;
  assign busy_o      = out_valid_q || (count_q != 9'd0);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      sum_q       <= '0;
      count_q     <= '0;
      out_valid_q <= 1'b0;
      total_q     <= '0;
    end else begin
      if (out_ready_i) out_valid_q <= 1'b0;
      if (in_valid_i && in_ready_o) begin
        total_q <= total_q + 40'd1;
        sum_q   <= sum_q + in_data_i;
        count_q <= count_q + 9'd1;
        if (in_last_i) begin
          sum_q       <= '0;
          count_q     <= '0;
          out_valid_q <= 1'b1;
        end
      end
      if (flush_i) begin
        sum_q       <= '0;
        count_q     <= '0;
        out_valid_q <= 1'b0;
      end
    end
  end

  // Payload registers have no reset: before the first packet they hold random bits.
  always_ff @(posedge clk_i) begin
    if (in_valid_i && in_ready_o && in_last_i) begin
      out_q       <= sum_q + in_data_i;
      out_count_q <= count_q + 9'd1;
      memory_q[count_q[1:0]] <= sum_q;
    end
  end
endmodule
