// Keeps the tags of the queries in flight, oldest first, and compares them with the one offered.
module adc_switch_tags #(
  parameter  int TagW    = {{ d.tag_w }},  // bits of a tag
  localparam int Queries = 4   // in flight, a power of two
) (
  input  logic            clk_i,
  input  logic            rst_ni,
  input  logic            flush_i,       // drop everything at this edge
  input  logic [TagW-1:0] act_tag_i,     // the tag offered
  input  logic            push_i,        // it opens a query
  output logic            full_o,
  output logic            known_o,       // a query in flight has this tag
  output logic            newest_o,      // the newest query has it
  input  logic            pop_i,         // the oldest query is done
  output logic [TagW-1:0] res_tag_o,     // its tag
  output logic            busy_o
);

  localparam int PtrW = $clog2(Queries);

  logic [Queries-1:0]      valid_q, hit;
  logic [Queries*TagW-1:0] tags_q, picked;
  logic [PtrW-1:0]         wptr_q, rptr_q, newest;

  assign newest   = wptr_q - 1'b1;
  assign full_o   = valid_q == '1;
  assign busy_o   = valid_q != '0;
  assign known_o  = hit != '0;
  assign newest_o = hit[newest];

  for (genvar i = 0; i < Queries; i++) begin : gen_tag
    logic [TagW-1:0] tag;
    assign tag    = tags_q[TagW*i +: TagW];
    assign hit[i] = valid_q[i] && tag == act_tag_i;
    assign picked[TagW*i +: TagW] = (rptr_q == i) ? tag : '0;
    always_ff @(posedge clk_i) begin
      if (push_i && wptr_q == i) tags_q[TagW*i +: TagW] <= act_tag_i;
    end
  end

  always_comb begin
    res_tag_o = '0;
    for (int i = 0; i < Queries; i++) res_tag_o = res_tag_o | picked[TagW*i +: TagW];
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q <= '0;
      wptr_q  <= '0;
      rptr_q  <= '0;
    end else if (flush_i) begin
      valid_q <= '0;
      wptr_q  <= '0;
      rptr_q  <= '0;
    end else begin
      if (push_i) begin
        valid_q[wptr_q] <= 1'b1;
        wptr_q          <= wptr_q + 1'b1;
      end
      if (pop_i) begin
        valid_q[rptr_q] <= 1'b0;
        rptr_q          <= rptr_q + 1'b1;
      end
    end
  end

endmodule
