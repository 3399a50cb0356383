// Says when beats of the oldest query's result may leave, and when the last of them has.
module adc_switch_results #(
  parameter  int Beats = {{ d.beats }},  // beats of a result
  localparam int PosW  = (Beats > 1) ? $clog2(Beats) : 1,
  localparam int FullW = $clog2(Beats + 1)
) (
  input  logic            clk_i,
  input  logic            rst_ni,
  input  logic            flush_i,      // back to the reset state at this edge
  // progress
  input  logic            announce_i,   // beats will be complete, one after the other
  input  logic            elem_valid_i,  // a beat is complete at this edge
  input  logic            elem_emit_i,   // of the query's last access
  input  logic            close_i,      // all beats are complete
  input  logic            first_i,      // of a query that had no access
  output logic            due_o,        // a result has beats to leave
  // result
  output logic            res_valid_o,
  input  logic            res_ready_i,
  output logic            res_last_o,
  output logic [PosW-1:0] pos_o,        // beat to send
  output logic            zero_o,       // it is all zeros
  output logic            pop_o         // the last beat leaves
);

  localparam logic [PosW-1:0]  LastPos = {{ d.beats - 1 }};  // Beats - 1
  localparam logic [FullW-1:0] Cap     = {{ d.beats }};  // Beats

  logic             due_q, zero_q;
  logic [FullW-1:0] full_q;        // complete beats that have not left
  logic [PosW-1:0]  pos_q;
  logic             fill, leave;

  assign fill        = elem_valid_i && elem_emit_i;
  assign leave       = res_valid_o && res_ready_i;
  assign res_valid_o = full_q != '0;
  assign res_last_o  = pos_q == LastPos;
  assign pop_o       = leave && res_last_o;
  assign pos_o       = pos_q;
  assign zero_o      = zero_q;
  assign due_o       = due_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      due_q  <= 1'b0;
      full_q <= '0;
      pos_q  <= '0;
    end else if (flush_i) begin
      due_q  <= 1'b0;
      full_q <= '0;
      pos_q  <= '0;
    end else begin
      if (announce_i || close_i) due_q <= 1'b1;
      else if (pop_o) due_q <= 1'b0;
      if (close_i) full_q <= Cap;
      else if (fill && !leave) full_q <= full_q + 1'b1;
      else if (leave && !fill) full_q <= full_q - 1'b1;
      if (leave) pos_q <= res_last_o ? '0 : pos_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (announce_i || close_i) zero_q <= close_i && first_i;
  end

endmodule
