// Stores {{ words }} words of {{ bits }} bits behind one port that reads or writes, one access a cycle.
// A read is answered from the next cycle until the next access. After a write the read data must
// not be relied upon. Addresses from {{ words }} up must not be used. This is the behaviour of a memory
// macro for simulation; synthesis takes the black box of the same name in synth/.
module {{ name }} (
  input  logic clk_i,
  input  logic req_i, // access in this cycle
  input  logic we_i, // 1 write, 0 read
  input  logic {{ addr }} addr_i,
  input  logic {{ word }} wdata_i,
  output logic {{ word }} rdata_o
);

  logic {% if !word.is_empty() %}{{ word }} {% endif %}mem [0:{{ words - 1 }}];

  always_ff @(posedge clk_i) begin
    if (req_i) begin
      if (we_i) mem[addr_i] <= wdata_i;
      else rdata_o <= mem[addr_i];
    end
  end

endmodule
