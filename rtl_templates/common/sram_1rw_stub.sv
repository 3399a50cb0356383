// Stands in synthesis for a macro of {{ words }} words of {{ bits }} bits with one read-or-write port.
{{ provenance }}
// Model of the macro at 45 nm: {{ area }} um2, access {{ access }} ns.
(* blackbox *)
{{ header }}

  // Synthesis drops the body of a black box; it keeps linters from asking for uses and drivers.
  logic unused_inputs;
  assign unused_inputs = ^{clk_i, req_i, we_i, addr_i, wdata_i};
  assign rdata_o       = '0;

endmodule
