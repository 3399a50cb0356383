// Adds the beats of rows to those of their bags, element by element; a first row is copied.
// Nothing here stalls: tt_core_bags sees to it that no bank is read and written at once.
module tt_core_pool #(
  parameter  int Lanes  = {{ d.lanes() }},  // elements of a beat
  parameter  int BagW   = {{ d.bag_w }},  // bits of a bag's number
  parameter  int BeatW  = {{ d.beat_w() }},  // bits of a beat's number
{%- if d.float %}
  parameter  int Stages = {{ d.add_stages }},  // register ranks of an adder, even
{%- endif %}
  localparam int W      = 32 * Lanes
) (
  input  logic             clk_i,
  // a beat of a row, and the bag that it is added to
  input  logic [W-1:0]     row_i,
  input  logic             read_i,
  input  logic             copy_i,        // to nothing
  input  logic [BagW-1:0]  read_bag_i,
  input  logic [BeatW-1:0] read_beat_i,
  // {{ d.pool_delay }} cycles later
  output logic [W-1:0]     sum_o,
  input  logic             write_i,       // keep it
  input  logic [BagW-1:0]  write_bag_i,
  input  logic [BeatW-1:0] write_beat_i
);

  localparam int AddrW = BagW + BeatW - 1;
{%- if d.float %}
  localparam logic [31:0] Nothing = 32'h80000000;  // -0: x + -0 is x, bit by bit
{%- else %}
  localparam logic [31:0] Nothing = '0;
{%- endif %}

  logic [AddrW-1:0] read_addr, write_addr;
  logic [1:0]       reads, writes;
  logic [2*W-1:0]   rdata;
  logic [W-1:0]     old_q, row_q, row_q2;
  logic             bank_q, copy_q;
{% if d.beats > 2 %}
  assign read_addr  = {read_bag_i, read_beat_i[BeatW-1:1]};
  assign write_addr = {write_bag_i, write_beat_i[BeatW-1:1]};
{%- else %}
  assign read_addr  = read_bag_i;
  assign write_addr = write_bag_i;
{%- endif %}
  assign reads      = {read_i && read_beat_i[0], read_i && !read_beat_i[0]};
  assign writes     = {write_i && write_beat_i[0], write_i && !write_beat_i[0]};

  for (genvar k = 0; k < 2; k++) begin : gen_bank
    {{ sram }} u_bank (
      .clk_i  (clk_i),
      .req_i  (reads[k] || writes[k]),
      .we_i   (writes[k]),
      .addr_i (writes[k] ? write_addr : read_addr),
      .wdata_i(sum_o),
      .rdata_o(rdata[W*k +: W])
    );
  end

  always_ff @(posedge clk_i) begin
    bank_q <= read_beat_i[0];
    copy_q <= copy_i;
    row_q  <= row_i;
    row_q2 <= row_q;
    old_q  <= copy_q ? {Lanes{Nothing}} : bank_q ? rdata[W +: W] : rdata[0 +: W];
  end
{% if d.float %}
  // One rank more than the adder has, to write an odd number of cycles after the read.
  logic [W-1:0] sum;
  fp_add #(
    .ExpW  (8),
    .ManW  (23),
    .Stages(Stages),
    .Lanes (Lanes)
  ) u_add (
    .clk_i(clk_i),
    .a_i  (old_q),
    .b_i  (row_q2),
    .sum_o(sum)
  );
  always_ff @(posedge clk_i) sum_o <= sum;
{%- else %}
  for (genvar i = 0; i < Lanes; i++) begin : gen_add
    always_ff @(posedge clk_i) begin
      sum_o[32*i +: 32] <= old_q[32*i +: 32] + row_q2[32*i +: 32];
    end
  end
{%- endif %}

endmodule
