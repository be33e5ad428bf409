'use strict';
// Draws each canvas from the numbers in the page; again when the reader goes from light to dark.
const sections = JSON.parse(document.getElementById('numbers').textContent);
const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
const charts = [];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// 1, 10, 100: no nine, one nine, two nines.
function nines(value) {
  const count = Math.round(Math.log10(value));
  return count === 0 ? '0%' : count === 1 ? '90%' : '99' + (count > 2 ? '.' + '9'.repeat(count - 2) : '') + '%';
}

function powersOfTen(axis) {
  axis.ticks = axis.ticks.filter(tick => Number.isInteger(Math.round(Math.log10(tick.value) * 1e6) / 1e6));
}

function axis(title, more) {
  return Object.assign({title: {display: true, text: title, color: colour('--quiet')}, grid: {color: colour('--line')},
    ticks: {color: colour('--quiet')}}, more);
}

function percentiles(canvas, curves) {
  return new Chart(canvas, {
    type: 'line',
    data: {datasets: curves.map((curve, i) => ({label: curve.contender, borderColor: colour('--s' + i % 8),
      backgroundColor: colour('--s' + i % 8), borderWidth: 2, borderDash: dashes[Math.floor(i / 2) % 4], pointRadius: 0, pointHitRadius: 6,
      data: curve.micros.map((value, point) => ({x: Math.pow(10, point / 10), y: value}))}))},
    options: {animation: false, maintainAspectRatio: false, interaction: {mode: 'nearest', axis: 'x', intersect: false},
      scales: {
        x: axis('percentile', {type: 'logarithmic', min: 1, afterBuildTicks: powersOfTen,
          ticks: {color: colour('--quiet'), callback: nines}}),
        y: axis('round trip, µs', {type: 'logarithmic'})},
      plugins: {legend: {position: 'bottom', labels: {color: colour('--text'), boxHeight: 2}},
        tooltip: {callbacks: {title: items => (100 - 100 / items[0].parsed.x).toPrecision(6) + ' % are faster',
          label: item => item.dataset.label + ': ' + item.parsed.y.toFixed(2) + ' µs'}}}}});
}

function rates(canvas, bars) {
  return new Chart(canvas, {
    type: 'bar',
    data: {labels: bars.rates.map(each => each.contender),
      datasets: [{label: bars.unit, data: bars.rates.map(each => each.value), backgroundColor: bars.rates.map((each, i) => colour('--s' + i % 8))}]},
    options: {indexAxis: 'y', animation: false, maintainAspectRatio: false,
      scales: {x: axis(bars.unit, {beginAtZero: true, ticks: {color: colour('--quiet'), maxTicksLimit: 5}}), y: axis('', {ticks: {color: colour('--text'), autoSkip: false}, grid: {display: false}})},
      plugins: {legend: {display: false}}}});
}

function draw() {
  charts.splice(0).forEach(chart => chart.destroy());
  for (const section of sections) {
    const curves = document.getElementById(section.name + '-percentiles');
    if (curves) {
      charts.push(percentiles(curves, section.curves));
    }
    const bars = document.getElementById(section.name + '-rates');
    if (bars) {
      charts.push(rates(bars, section));
    }
  }
}

draw();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
