// A line across all charts with the values under it. The page says the same without it.
(function () {
  "use strict";
  var plots = Array.prototype.map.call(document.querySelectorAll(".plotted svg.plot"), function (svg) {
    var make = function (name, classes) {
      var made = document.createElementNS("http://www.w3.org/2000/svg", name);
      made.setAttribute("class", classes);
      svg.appendChild(made);
      return made;
    };
    var plot = {
      svg: svg,
      columns: svg.querySelectorAll(".column"),
      line: make("path", "cross"),
      says: document.createElement("p")
    };
    plot.says.className = "readout";
    svg.parentNode.insertBefore(plot.says, svg.nextSibling);
    svg.setAttribute("tabindex", "0");
    return plot;
  });
  var at = -1;
  function show(index) {
    at = index;
    plots.forEach(function (plot) {
      var column = plot.columns[index];
      if (!column) { return; }
      var x = Number(column.getAttribute("x")) + Number(column.getAttribute("width")) / 2;
      plot.line.setAttribute("d", "M" + x + " 34V184");
      plot.says.textContent = column.querySelector("title").textContent;
    });
  }
  plots.forEach(function (plot) {
    plot.svg.addEventListener("pointermove", function (event) {
      var index = Array.prototype.indexOf.call(plot.columns, event.target);
      if (index !== -1) { show(index); }
    });
    plot.svg.addEventListener("keydown", function (event) {
      var step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) { return; }
      event.preventDefault();
      plot.says.setAttribute("aria-live", "polite");
      show(Math.max(0, Math.min(plot.columns.length - 1, at + step)));
    });
  });
  document.querySelectorAll("details").forEach(function (one) {
    window.addEventListener("beforeprint", function () { one.open = false; });
  });
}());
