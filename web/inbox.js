// Says when the inbox that is shown is no longer the newest; the page itself is complete without it.
const news = document.querySelector("[data-state]");
if (news) {
  const shown = news.dataset.state;
  const look = async () => {
    try {
      const reply = await fetch("/app/risk/state", { headers: { accept: "application/json" } });
      if (!reply.ok) throw new Error(String(reply.status));
      const { state } = await reply.json();
      if (state !== shown) {
        news.hidden = false;
        news.querySelector("[role=status]").textContent = "The inbox has changed.";
      }
    } catch {
      news.hidden = false;
      news.querySelector("[role=status]").textContent = "The inbox could not be looked at; it may be out of date.";
    }
  };
  setInterval(look, 15_000);
}

// How long until an event escalates, or since it should have been acknowledged.
const clocks = document.querySelectorAll("time[data-clock]");
const tell = () => {
  for (const clock of clocks) {
    const minutes = Math.round((Date.parse(clock.dateTime) - Date.now()) / 60_000);
    const size = Math.abs(minutes);
    const length = size < 120 ? `${size} minute${size === 1 ? "" : "s"}` : `${Math.floor(size / 60)} hours`;
    clock.textContent = minutes >= 0 ? `in ${length}` : `${length} ago`;
  }
};
if (clocks.length > 0) setInterval(tell, 15_000);
