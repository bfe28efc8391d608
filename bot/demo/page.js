// Makes the page follow the conversation and speak of Hipstride; loaded after simcord's own code.
const timeline = document.getElementById("channel-timeline");
const list = document.getElementById("channel-message-list");

// The page loses the bottom when its command composer shrinks, and answers land below the fold.
let last = null;
function follow() {
  const messages = list.querySelectorAll("[data-message-id]");
  const newest = messages[messages.length - 1];
  if (!newest || newest.dataset.messageId === last) return;
  last = newest.dataset.messageId;
  const show = () => {
    const isTall = newest.offsetHeight > timeline.clientHeight;
    timeline.scrollTop = isTall
      ? timeline.scrollTop + newest.getBoundingClientRect().top - timeline.getBoundingClientRect().top
      : timeline.scrollHeight;
  };
  // Once now, and again when the composer and the components have their final size.
  show();
  for (const delay of [60, 200, 450]) setTimeout(show, delay);
}
new MutationObserver(follow).observe(list, { childList: true, subtree: true });

document.title = "Hipstride demo";
document.querySelector(".brand-mark").textContent = "H";
document.querySelector(".preview-brand strong").textContent = "Hipstride";
document.querySelector(".preview-brand small").textContent = "demo";

// One channel and no debugging: the message list and the tools of a test bed are in the way.
const toggle = document.getElementById("messages-toggle");
if (toggle.getAttribute("aria-expanded") === "true") toggle.click();
for (const id of ["messages-toggle", "capture-open", "inspector-toggle", "refresh"]) {
  document.getElementById(id).style.display = "none";
}

// Enter sends a command that is complete, as in Discord: the page would offer an optional option,
// or the value that is already chosen, again and again.
const bare = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
let isChoosing = false;
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") {
    isChoosing = event.key === "ArrowDown" || event.key === "ArrowUp";
    return;
  }
  const field = event.target;
  const offered = document.querySelector('[role="listbox"] [aria-selected="true"]');
  // The field may hold what stands behind the choice: clamshell for Clamshell.
  const isChosen = field.value && offered && bare(offered.textContent) === bare(field.value);
  const isComplete = field.matches(".command-chip") || (field.matches(".command-option-input") && isChosen);
  if (isChoosing || event.isComposing || !isComplete) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  document.getElementById("send-message").click();
}, true);

// Countdowns run as in Discord: the page draws them once, and says in its status what time it was.
const status = document.getElementById("transport-status");
const words = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });
let ahead = null;
new MutationObserver(() => {
  const said = status.textContent.match(/Publication: (\S+)\. Presentation time: (\S+)\.(?:\s|$)/);
  // What is drawn again without news, as after a reload, shows an old time: the latest counts.
  if (said) ahead = Math.max(ahead ?? -Infinity, Date.parse(said[2]) - Date.parse(said[1]));
}).observe(status, { childList: true, subtree: true });
setInterval(() => {
  if (ahead === null) return;
  for (const time of document.querySelectorAll("time.discord-timestamp")) {
    const isRelative = time.dataset.isRelative ??= /^(in |now$)|( ago$)/.test(time.textContent) ? "yes" : "no";
    const seconds = Math.round((Date.parse(time.dateTime) - Date.now() - ahead) / 1000);
    if (isRelative === "no" || Math.abs(seconds) > 3600) continue;
    const [amount, unit] = Math.abs(seconds) < 60 ? [seconds, "second"] : [Math.round(seconds / 60), "minute"];
    time.textContent = words.format(amount, unit);
  }
}, 1000);
