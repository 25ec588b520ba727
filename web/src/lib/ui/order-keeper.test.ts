import { describe, expect, it } from 'vitest';
import { OrderKeeper } from './order-keeper.ts';

const anybody = () => true;

function list() {
  let now = 0;
  const order = new OrderKeeper(() => now);
  const element = new EventTarget();
  Object.assign(element, { contains: () => false });
  order.watch(element as unknown as HTMLElement);
  const tell = (name: string) => element.dispatchEvent(new Event(name));
  const after = (ms: number) => (now += ms);
  return { order, tell, after };
}

describe('the order of a list that changes by itself', () => {
  it('is kept for half a minute, and then as it should be', () => {
    const { order, after } = list();
    order.next(['a', 'b', 'c'], anybody);
    after(29_000);
    expect(order.next(['c', 'b', 'a'], anybody)).toEqual(['a', 'b', 'c']);
    after(1000);
    expect(order.next(['c', 'b', 'a'], anybody)).toEqual(['c', 'b', 'a']);
  });

  it('is kept for as long as somebody points at it', () => {
    const { order, tell, after } = list();
    order.next(['a', 'b'], anybody);
    tell('pointerenter');
    after(600_000);
    expect(order.next(['b', 'a'], anybody)).toEqual(['a', 'b']);
    tell('pointerleave');
    expect(order.next(['b', 'a'], anybody)).toEqual(['b', 'a']);
  });

  it('lets go who no longer stands, and fills the room that has come free', () => {
    const { order, after } = list();
    order.next(['a', 'b'], anybody);
    after(1000);
    expect(order.next(['c', 'b'], (id) => id !== 'a')).toEqual(['b', 'c']);
    expect(order.next(['d', 'c'], anybody)).toEqual(['b', 'c']);
  });

  it('is another at once where another is asked for', () => {
    const { order, tell } = list();
    order.next(['a', 'b'], anybody, 'name');
    tell('focusin');
    expect(order.next(['b', 'a'], anybody, '-name')).toEqual(['b', 'a']);
  });

  it('shows at once who comes first into an empty list', () => {
    const { order } = list();
    order.next([], anybody);
    expect(order.next(['a'], anybody)).toEqual(['a']);
  });
});
