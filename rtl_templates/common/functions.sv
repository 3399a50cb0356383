{% macro sticky_shift(name, width, amount_width, unit) %}  // Shifts right by {% if unit != "1" %}{{ unit }} times {% endif %}an amount; the highest bit tells whether any one was shifted out.
  function automatic logic [{{ width }}:0] {{ name }}(
    input logic [{{ width }}-1:0] data,
    input logic [{{ amount_width }}-1:0] amount
  );
    logic [{{ width }}-1:0] rest;
    logic sticky;
    rest   = data;
    sticky = 1'b0;
    for (int level = {{ amount_width }} - 1; level >= 0; level = level - 1) begin
      if (amount[level]) begin
        sticky = sticky | (|(rest << ({{ width }} - ({{ unit }} << level))));
        rest   = rest >> ({{ unit }} << level);
      end
    end
    {{ name }} = {sticky, rest};
  endfunction
{% endmacro %}
