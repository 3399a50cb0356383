// Buffers up to Beats beats in two single-ported banks and hands them on in order, one a cycle.
// Beats alternate between the banks. A write always goes ahead; a read that meets it in its bank
// waits one cycle, after which both run at full rate. Side data is kept on even beats only when
// slices have an even number of beats (bank 1 then has no room for it).
module {{ name }} #(
  parameter  int Beats    = {{ beats }},  // capacity, a power of two, at least 4
  parameter  int DataW    = {{ data_w }},  // bits of a beat
  parameter  int SideW    = {{ side_w }},  // bits of side data, 0 for none
  localparam int PtrW     = $clog2(Beats),
  localparam int WordW    = DataW + SideW
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             flush_i,  // drop everything at this edge
  input  logic             valid_i,
  output logic             ready_o,  // depends on the state only
  input  logic [WordW-1:0] data_i,   // {side data, beat}
  output logic             valid_o,
  input  logic             ready_i,
  output logic [WordW-1:0] data_o
);

  logic [PtrW:0]    wptr_q, rptr_q;    // positions, one bit more to tell full from empty
  logic             write, read, flight_q, pop;
  logic [1:0]       regs_q, regs_d;    // full output registers
  logic [1:0]       level;             // output registers spoken for, this cycle's pop taken off
  logic             bank_q;            // bank of the read in flight
  logic [WordW-1:0] head_q, next_q, arrived;
  logic [WordW-1:0] rdata0;
  logic [{{ banks.bank1_w }}-1:0] rdata1;

  assign ready_o = wptr_q != {~rptr_q[PtrW], rptr_q[PtrW-1:0]};
  assign write   = valid_i && ready_o;
  assign valid_o = regs_q != 2'd0;
  assign data_o  = head_q;
  assign pop     = valid_o && ready_i;
  assign level   = regs_q + {1'b0, flight_q} - {1'b0, pop};
  assign read    = (wptr_q != rptr_q) && level < 2'd2 && !(write && wptr_q[0] == rptr_q[0]);

  {{ banks.bank0 }} u_bank0 (
    .clk_i  (clk_i),
    .req_i  ((write && !wptr_q[0]) || (read && !rptr_q[0])),
    .we_i   (write && !wptr_q[0]),
    .addr_i ((write && !wptr_q[0]) ? wptr_q[PtrW-1:1] : rptr_q[PtrW-1:1]),
    .wdata_i(data_i),
    .rdata_o(rdata0)
  );

  {{ banks.bank1 }} u_bank1 (
    .clk_i  (clk_i),
    .req_i  ((write && wptr_q[0]) || (read && rptr_q[0])),
    .we_i   (write && wptr_q[0]),
    .addr_i ((write && wptr_q[0]) ? wptr_q[PtrW-1:1] : rptr_q[PtrW-1:1]),
    .wdata_i(data_i[{{ banks.bank1_w }}-1:0]),
    .rdata_o(rdata1)
  );

{%- if bank1_has_side %}
  assign arrived = bank_q ? rdata1 : rdata0;
{%- else %}
  assign arrived = bank_q ? { {SideW{1'b0}}, rdata1} : rdata0;
{%- endif %}
  assign regs_d  = regs_q + {1'b0, flight_q} - {1'b0, pop};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      wptr_q   <= '0;
      rptr_q   <= '0;
      flight_q <= 1'b0;
      regs_q   <= '0;
    end else if (flush_i) begin
      wptr_q   <= '0;
      rptr_q   <= '0;
      flight_q <= 1'b0;
      regs_q   <= '0;
    end else begin
      if (write) wptr_q <= wptr_q + 1'b1;
      if (read) rptr_q <= rptr_q + 1'b1;
      flight_q <= read;
      regs_q   <= regs_d;
    end
  end

  // The oldest beat sits in head_q.
  always_ff @(posedge clk_i) begin
    bank_q <= rptr_q[0];
    if (pop || regs_q == 2'd0) head_q <= (regs_q == 2'd2) ? next_q : arrived;
    if (flight_q) next_q <= arrived;
  end

endmodule
