// Keeps TT core {{ m.k }} of all tables: lines are written one by one, and read all banks at a time.
// Line n of a slice is in bank n modulo Banks; the slices of one digit lie side by side.
module tt_core_memory{{ m.k }} #(
  parameter  int Banks  = {{ m.banks }},  // lines read together, a power of two
  parameter  int LineW  = {{ m.line_bits }},  // bits of a line
  parameter  int DigitW = {{ m.digit_w }},  // bits of a digit
{%- if d.several() %}
  parameter  int TableW = {{ d.table_port_w }},  // bits of a table's number
{%- endif %}
{%- if m.part_w > 0 %}
  parameter  int PartW  = {{ m.part_w }},  // bits of the part of a slice that is read together
{%- endif %}
  localparam int BankW  = $clog2(Banks),
  localparam int NumW   = DigitW{% if m.part_w > 0 %} + PartW{% endif %} + BankW
) (
  input  logic                   clk_i,
  // read; goes ahead of a write
  input  logic                   read_i,
  input  logic [DigitW-1:0]      read_digit_i,
{%- if d.several() %}
  input  logic [TableW-1:0]      read_table_i,
{%- endif %}
{%- if m.part_w > 0 %}
  input  logic [PartW-1:0]       read_part_i,
{%- endif %}
  output logic [Banks*LineW-1:0] read_data_o,   // in the next cycle
  // write, never in the cycle of a read
  input  logic                   write_i,
  input  logic [NumW-1:0]        write_line_i,  // number of the line in the core
{%- if d.several() %}
  input  logic [TableW-1:0]      write_table_i,
{%- endif %}
  input  logic [LineW-1:0]       write_data_i
);

  localparam int AddrW = DigitW{% if d.several() %} + TableW{% endif %}{% if m.part_w > 0 %} + PartW{% endif %};

  logic [AddrW-1:0] read_addr, write_addr, addr;
  logic [Banks-1:0] writes;

  assign read_addr  = {read_digit_i{% if d.several() %}, read_table_i{% endif %}{% if m.part_w > 0 %}, read_part_i{% endif %}};
  assign write_addr = {write_line_i[NumW-1 -: DigitW]{% if d.several() %}, write_table_i{% endif %}
                       {%- if m.part_w > 0 %}, write_line_i[BankW +: PartW]{% endif %}};
  assign addr       = read_i ? read_addr : write_addr;

  for (genvar b = 0; b < Banks; b++) begin : gen_bank
{%- if m.banks > 1 %}
    assign writes[b] = write_i && write_line_i[BankW-1:0] == b;
{%- else %}
    assign writes[b] = write_i;
{%- endif %}
    {{ m.sram() }} u_bank (
      .clk_i  (clk_i),
      .req_i  (read_i || writes[b]),
      .we_i   (writes[b]),
      .addr_i (addr),
      .wdata_i(write_data_i),
      .rdata_o(read_data_o[LineW*b +: LineW])
    );
  end

endmodule
