{%- if b.banks == 1 -%}
// Keeps the products of stage {{ b.k }}, each in a memory of its own, until they are multiplied again.
{%- else if b.wide_write -%}
// Keeps the products of stage {{ b.k }}, each in banks of its own, written all at a time, read one by one.
{%- else -%}
// Keeps the products of stage {{ b.k }}, each in banks of its own, written one by one, read all at a time.
{%- endif %}
// One entry may be written while another one is read, never the same.
module tt_core_entries{{ b.k }} #(
  parameter  int Entries = {{ d.entries }},  // a power of two
{%- if b.banks > 1 %}
  parameter  int Banks   = {{ b.banks }},  // of an entry, a power of two
  parameter  int BankW   = {{ b.bits }},  // bits of a bank's word
{%- endif %}
  parameter  int UnitW   = {{ b.unit_w }},  // bits that number what is written at a time
  parameter  int GroupW  = {{ b.group_w }},  // bits that number what is read at a time
  parameter  int WriteW  = {{ b.write_bits }},  // bits written at a time
  parameter  int ReadW   = {{ b.read_bits }},  // bits read at a time
  localparam int EntryW  = $clog2(Entries)
) (
  input  logic              clk_i,
  input  logic              write_i,
  input  logic [EntryW-1:0] write_entry_i,
  input  logic [UnitW-1:0]  write_unit_i,
  input  logic [WriteW-1:0] write_data_i,
  input  logic              read_i,
  input  logic [EntryW-1:0] read_entry_i,
  input  logic [GroupW-1:0] read_group_i,
  output logic [ReadW-1:0]  read_data_o     // in the next cycle
);

{%- if b.banks > 1 %}

  localparam int PickW = $clog2(Banks);
{%- endif %}
{% if b.banks > 1 && b.wide_write %}
  logic [PickW-1:0]          pick, pick_q;
{%- else if b.banks > 1 %}
  logic [PickW-1:0]          pick;
{%- endif %}
  logic [EntryW-1:0]         entry_q;
  logic [Entries*ReadW-1:0]  picked;
{% if b.banks > 1 && b.wide_write %}
  assign pick = read_group_i[PickW-1:0];
{%- else if b.banks > 1 %}
  assign pick = write_unit_i[PickW-1:0];
{%- endif %}

  always_ff @(posedge clk_i) begin
    entry_q <= read_entry_i;
{%- if b.banks > 1 && b.wide_write %}
    pick_q  <= pick;
{%- endif %}
  end

  for (genvar e = 0; e < Entries; e++) begin : gen_entry
    logic writes, reads;
    assign writes = write_i && write_entry_i == e;
    assign reads  = read_i && read_entry_i == e;
{%- if b.banks == 1 %}

    logic [ReadW-1:0] word;
    {{ b.sram() }} u_bank (
      .clk_i  (clk_i),
      .req_i  (writes || reads),
      .we_i   (writes),
      .addr_i (writes ? write_unit_i : read_group_i),
      .wdata_i(write_data_i),
      .rdata_o(word)
    );
{%- else if b.wide_write %}

    logic [Banks*BankW-1:0] words;
    logic [ReadW-1:0]       word;
    for (genvar k = 0; k < Banks; k++) begin : gen_bank
      {{ b.sram() }} u_bank (
        .clk_i  (clk_i),
        .req_i  (writes || (reads && pick == k)),
        .we_i   (writes),
        .addr_i (writes ? write_unit_i : read_group_i[GroupW-1:PickW]),
        .wdata_i(write_data_i[BankW*k +: BankW]),
        .rdata_o(words[BankW*k +: BankW])
      );
    end
    always_comb begin
      word = '0;
      for (int k = 0; k < Banks; k++) if (pick_q == k[PickW-1:0]) word = words[BankW*k +: BankW];
    end
{%- else %}

    logic [ReadW-1:0] word;
    for (genvar k = 0; k < Banks; k++) begin : gen_bank
      logic puts;
      assign puts = writes && pick == k;
      {{ b.sram() }} u_bank (
        .clk_i  (clk_i),
        .req_i  (puts || reads),
        .we_i   (puts),
        .addr_i (puts ? write_unit_i[UnitW-1:PickW] : read_group_i),
        .wdata_i(write_data_i),
        .rdata_o(word[BankW*k +: BankW])
      );
    end
{%- endif %}
    assign picked[ReadW*e +: ReadW] = (entry_q == e) ? word : '0;
  end

  always_comb begin
    read_data_o = '0;
    for (int e = 0; e < Entries; e++) read_data_o = read_data_o | picked[ReadW*e +: ReadW];
  end

endmodule
