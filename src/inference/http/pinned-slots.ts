type Slot = { owner: string | undefined; isBusy: boolean; usedAt: number };

/** Which conversation sits in which slot of a server, so that none is given to another before it is emptied. */
export class PinnedSlots {
  private readonly slots: Slot[];
  private uses = 0;

  constructor(count: number) {
    this.slots = Array.from({ length: count }, () => ({ owner: undefined, isBusy: false, usedAt: 0 }));
  }

  /** A slot for an owner, its own again if it is free; `isOwn` is false where somebody else's words may be in it. */
  take(owner: string): { slot: number; isOwn: boolean } | undefined {
    const free = this.slots.map((one, at) => ({ one, at })).filter(({ one }) => !one.isBusy);
    const found =
      free.find(({ one }) => one.owner === owner) ?? free.toSorted((a, b) => a.one.usedAt - b.one.usedAt)[0];
    if (found === undefined) return undefined;
    const isOwn = found.one.owner === owner;
    Object.assign(found.one, { owner, isBusy: true, usedAt: ++this.uses });
    return { slot: found.at, isOwn };
  }

  release(slot: number): void {
    const one = this.slots[slot];
    if (one !== undefined) one.isBusy = false;
  }

  /** Forgets who sits where; gives the slots that must be emptied. */
  forget(owner: string): number[] {
    return this.slots.flatMap((one, at) => {
      if (one.owner !== owner || one.isBusy) return [];
      one.owner = undefined;
      return [at];
    });
  }
}
