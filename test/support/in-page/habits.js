// Runs inside a page, as it stands: what a look at the page alone can tell of the habits of the web. Each check returns
// a line for everything that breaks its habit; none is as it should be.
(() => {
  const SLACK_PX = 1.5;
  const LEAST_TARGET_PX = 24;
  const TABBABLE = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable="true"]';

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const styleOf = (element) => getComputedStyle(element);
  const words = (text) => text.trim().replace(/\s+/g, ' ').slice(0, 60);

  /** Short, and enough to find it. */
  function name(element) {
    const id = element.id ? `#${element.id}` : '';
    const own = [...element.classList].filter((each) => !each.startsWith('svelte-')).slice(0, 2);
    const said = words(element.getAttribute('aria-label') ?? element.textContent ?? '');
    return `${element.localName}${id}${own.map((each) => `.${each}`).join('')}${said ? ` “${said}”` : ''}`;
  }

  function isShown(element) {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }))
      return false;
    const { width, height } = element.getBoundingClientRect();
    // What is for screen readers only is one pixel large.
    return width > 1 && height > 1;
  }

  const scrolls = (value) => value === 'auto' || value === 'scroll';
  const cuts = (value) => value === 'hidden' || value === 'clip';

  /** The window scrolls down, never sideways; what is wider scrolls within a frame of its own. */
  function overflow() {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    const inFrame = (element) => {
      for (let up = element.parentElement; up && up !== document.body; up = up.parentElement)
        if (styleOf(up).overflowX !== 'visible') return true;
      return false;
    };
    const wide = all('body *').filter(
      (each) => isShown(each) && each.getBoundingClientRect().right > room + 1 && !inFrame(each),
    );
    return [`${document.documentElement.scrollWidth} px wide in ${room}: ${wide.slice(-3).map(name).join(', ')}`];
  }

  /** Calls `cut` for each text that is cut off, with what it stands in and what cuts it. */
  function eachCut(cut) {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const element = node.parentElement;
      if (!words(node.data) || !element || element.closest('title, style, script, noscript, svg, option')) continue;
      if (!isShown(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const by = cutterOf(element, range.getBoundingClientRect());
      if (by) cut(element, by);
    }
  }

  function cutterOf(element, text) {
    if (text.width === 0) return null;
    for (let up = element; up && up !== document.body; up = up.parentElement) {
      const { overflowX, overflowY, position } = styleOf(up);
      const box = up.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1) return null;
      const wide = text.right > box.right + SLACK_PX || text.left < box.left - SLACK_PX;
      // A line box is a little higher than its letters.
      const high = text.bottom > box.bottom + text.height / 3 || text.top < box.top - text.height / 3;
      if ((cuts(overflowX) && wide) || (cuts(overflowY) && high)) return up;
      if (scrolls(overflowX) || scrolls(overflowY) || position === 'fixed') return null;
    }
    return null;
  }

  /** With a pointer: text that is cut off and does not say the whole of itself where the pointer comes to it. */
  function truncated() {
    const found = new Set();
    eachCut((element, by) => {
      element.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
      if (!element.closest('[title]')) found.add(`${name(element)} cut by ${name(by).split(' ')[0]}`);
    });
    return [...found];
  }

  /** By touch, where nothing hovers: text that is cut off and leads nowhere where the whole stands. */
  function cramped() {
    const found = new Set();
    eachCut((element, by) => {
      const row = element.closest('tr, li');
      const leads =
        element.closest('a[href], button, summary') ??
        by.closest('a[href], button') ??
        row?.querySelector('a[href], button');
      const unfolds = by.parentElement?.querySelector(':scope > button[aria-expanded]');
      if (!leads && !unfolds) found.add(`${name(element)} cut by ${name(by).split(' ')[0]}`);
    });
    return [...found];
  }

  const isOff = (element) => element.disabled === true || element.closest('[inert]') !== null;

  /** Too small to hit, unless it stands in a line of text. */
  function smallTargets() {
    const inline = (element) =>
      styleOf(element).display === 'inline' &&
      words(element.parentElement?.textContent ?? '').length > words(element.textContent ?? '').length;
    /** A label or a stretched pseudo-element widens what can be hit. */
    const reach = (element) => {
      const label = element.labels?.[0];
      const boxes = [element, ...(label ? [label] : [])].map((each) => each.getBoundingClientRect());
      const extra = ['::before', '::after']
        .map((part) => getComputedStyle(element, part))
        .filter((style) => style.content !== 'none' && style.position === 'absolute');
      const grown = extra.map((style) => ({
        width: parseFloat(style.width) || 0,
        height: parseFloat(style.height) || 0,
      }));
      const sizes = [...boxes, ...grown];
      return { width: Math.max(...sizes.map((s) => s.width)), height: Math.max(...sizes.map((s) => s.height)) };
    };
    return (
      all(
        'a[href], button, input:not([type="hidden"]), select, textarea, summary, [role="button"], [role="slider"], [role="tab"]',
      )
        // Within a grid one cell at a time has the focus, and what a cell opens can be opened elsewhere too.
        .filter((each) => isShown(each) && !isOff(each) && !inline(each) && !each.closest('[role="grid"]'))
        .flatMap((each) => {
          const { width, height } = reach(each);
          const small = width < LEAST_TARGET_PX - 0.5 || height < LEAST_TARGET_PX - 0.5;
          return small ? [`${name(each)} ${Math.round(width)}x${Math.round(height)}`] : [];
        })
    );
  }

  /** Every element that Tab has to come to: one of each group of radio buttons. */
  function tabStops() {
    const groups = new Set();
    return all(TABBABLE).filter((element) => {
      if (element.tabIndex < 0 || isOff(element) || !element.checkVisibility({ visibilityProperty: true }))
        return false;
      if (element.localName !== 'input' || element.type !== 'radio') return true;
      const first = !groups.has(element.name);
      groups.add(element.name);
      return first;
    });
  }

  /** What has the focus now: that it can be seen, and seen that it has it. `stop` is its number among the tab stops. */
  function focused() {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return null;
    const drawn = [element, ...all('*', element)].flatMap((each) => [
      styleOf(each),
      getComputedStyle(each, '::before'),
      getComputedStyle(each, '::after'),
    ]);
    const marked = drawn.some(
      ({ outlineStyle, outlineWidth, outlineColor }) =>
        outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && outlineColor !== 'transparent',
    );
    const box = element.getBoundingClientRect();
    const ghost = styleOf(element).pointerEvents === 'none';
    const faults = [];
    if (!marked) faults.push(`${name(element)}: nothing shows that it has the focus`);
    const within = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    if (box.width > 1 && !within) faults.push(`${name(element)}: has the focus outside the window`);
    else if (box.width > 1 && !ghost && !isUncovered(element, box))
      faults.push(`${name(element)}: has the focus and is covered`);
    return { stop: (window.headroomStops ?? []).indexOf(element), name: name(element), faults };
  }

  /** Any of nine points of it is its own. */
  function isUncovered(element, box) {
    const at = (share, from, size, limit) => Math.min(limit - 1, Math.max(0, from + size * share));
    return [0.1, 0.5, 0.9].some((x) =>
      [0.1, 0.5, 0.9].some((y) => {
        const top = document.elementFromPoint(
          at(x, box.left, box.width, innerWidth),
          at(y, box.top, box.height, innerHeight),
        );
        return (
          top !== null && (element.contains(top) || top.contains(element) || top.closest('label')?.control === element)
        );
      }),
    );
  }

  /** When everything that is moving now and has an end has come to it. */
  async function settled() {
    const ending = document.getAnimations().filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime));
    await Promise.allSettled(ending.map(({ finished }) => finished));
  }

  /** What moves, or would move at the next change, although the reader asked for less. */
  function motion() {
    const running = document.getAnimations().map(({ effect }) => `${name(effect.target)} moves`);
    const seconds = (value) =>
      Math.max(...value.split(',').map((each) => parseFloat(each) * (each.trim().endsWith('ms') ? 0.001 : 1)));
    const would = all('body, body *').flatMap((element) => {
      const { animationName, transitionDuration, transitionProperty } = styleOf(element);
      const moves =
        (animationName !== 'none' && animationName !== '') ||
        (transitionProperty !== 'none' && seconds(transitionDuration) > 0.01);
      return moves ? [`${name(element)} would move`] : [];
    });
    return [...running, ...would];
  }

  /** Marks of which colour alone says something, as they are now; `forcedColours` asks what has become of them. */
  let telling = [];
  function noteTelling() {
    const probe = document.body.appendChild(document.createElement('i'));
    const tokens = ['--l2', '--l3', '--capacity', '--held'].flatMap((token) => {
      probe.style.background = `var(${token})`;
      const { backgroundColor } = styleOf(probe);
      return backgroundColor === 'rgba(0, 0, 0, 0)' ? [] : [[backgroundColor, token]];
    });
    probe.remove();
    const colours = new Map(tokens);
    telling = all('body *').flatMap((element) => {
      const { backgroundColor } = styleOf(element);
      const token = colours.get(backgroundColor);
      const silent = words(element.textContent ?? '') === '';
      return token && silent && isShown(element) ? [{ element, token, backgroundColor }] : [];
    });
  }

  /** Where the reader's own colours replace ours, colour that says something stays unless words say the same. */
  function forcedColours() {
    return telling.flatMap(({ element, token, backgroundColor }) =>
      element.isConnected && styleOf(element).backgroundColor !== backgroundColor
        ? [`${name(element)}: ${token} is lost`]
        : [],
    );
  }

  /** Nothing has the focus, and the next Tab begins with the first stop. */
  function fromTheTop() {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.blur();
    document.body.removeAttribute('tabindex');
    window.scrollTo(0, 0);
  }

  /** One heading of the first rank, one main part, no rank left out on the way down. */
  function outline() {
    const faults = [];
    const first = all('h1').filter((each) => each.checkVisibility({ visibilityProperty: true }));
    if (first.length !== 1) faults.push(`${first.length} headings of the first rank: ${first.map(name).join(', ')}`);
    const mains = all('main').filter((each) => each.checkVisibility());
    if (mains.length !== 1) faults.push(`${mains.length} main parts`);
    const ids = all('[id]').map(({ id }) => id);
    const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
    if (twice.length > 0) faults.push(`ids used twice: ${[...new Set(twice)].join(', ')}`);
    return faults;
  }

  /** At 400 % a bar that stays in the window leaves no room for what it stands above. */
  function stuck() {
    return all('body *')
      .filter(
        (each) =>
          ['fixed', 'sticky'].includes(styleOf(each).position) &&
          isShown(each) &&
          !each.closest('dialog, [role="dialog"]'),
      )
      .flatMap((each) => {
        const { height } = each.getBoundingClientRect();
        return height > innerHeight / 2 ? [`${name(each)} holds ${Math.round(height)} of ${innerHeight} px`] : [];
      });
  }

  window.headroomHabits = {
    name,
    overflow,
    truncated,
    cramped,
    smallTargets,
    tabStops,
    focused,
    settled,
    motion,
    outline,
    stuck,
    noteTelling,
    forcedColours,
    fromTheTop,
  };
})();
