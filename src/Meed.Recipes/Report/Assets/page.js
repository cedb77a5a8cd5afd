'use strict';
(() => {
  const tip = document.getElementById('tip');
  const hide = (g) => { tip.style.display = 'none'; g.setAttribute('visibility', 'hidden'); };
  for (const svg of document.querySelectorAll('svg[data-chart]')) {
    const data = JSON.parse(svg.dataset.chart);
    const g = svg.querySelector('g.hover'), cross = g.querySelector('line');
    const dots = data.lines.map((line) => {
      const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
      dot.setAttribute('class', 'dot c' + line.c);
      dot.setAttribute('r', 4);
      g.appendChild(dot);
      return dot;
    });
    const show = (event) => {
      const box = svg.getBoundingClientRect();
      const x = (event.clientX - box.left) * svg.viewBox.baseVal.width / box.width;
      let best = null;
      for (const line of data.lines) for (const p of line.p) if (!best || Math.abs(p[0] - x) < Math.abs(best[0] - x)) best = p;
      if (!best) return;
      tip.textContent = '';
      const head = document.createElement('div');
      head.className = 'at';
      head.textContent = data.x + ' ' + best[2];
      tip.appendChild(head);
      data.lines.forEach((line, i) => {
        const p = line.p.find((q) => Math.abs(q[0] - best[0]) < 0.01);
        dots[i].style.display = p ? '' : 'none';
        if (!p) return;
        dots[i].setAttribute('cx', p[0]);
        dots[i].setAttribute('cy', p[1]);
        const row = document.createElement('div'), name = document.createElement('span'), mark = document.createElement('i'), value = document.createElement('b');
        mark.style.background = 'var(--c' + line.c + ')';
        name.append(mark, line.n);
        value.textContent = p[3];
        row.append(name, value);
        tip.appendChild(row);
      });
      cross.setAttribute('x1', best[0]);
      cross.setAttribute('x2', best[0]);
      g.setAttribute('visibility', 'visible');
      tip.style.display = 'block';
      const px = box.left + best[0] * box.width / svg.viewBox.baseVal.width;
      const left = px + 14 + tip.offsetWidth > innerWidth ? px - 14 - tip.offsetWidth : px + 14;
      tip.style.left = Math.max(6, left) + 'px';
      tip.style.top = Math.max(6, Math.min(event.clientY - 20, innerHeight - tip.offsetHeight - 6)) + 'px';
    };
    svg.addEventListener('pointermove', show);
    svg.addEventListener('pointerdown', show);
    svg.addEventListener('pointerleave', () => hide(g));
  }
})();
