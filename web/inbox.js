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
