// Sends a form with a large file and shows how much has arrived. A refusal leaves the chosen file in the form.

import { say } from "./swap.js";

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-upload]");
  if (!form) return;
  event.preventDefault();
  if (!form.querySelector("progress").hidden) return; // it is being sent
  const file = form.querySelector("input[type=file]").files[0];
  // The service would cut the connection, and nobody would read why.
  if (file.size > Number(form.dataset.most)) refuse(form, form.dataset.tooLarge);
  else send(form);
});

function send(form) {
  const bar = form.querySelector("progress");
  const request = new XMLHttpRequest();
  const ended = () => {
    bar.hidden = true;
    tell(form, "");
  };
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = loaded / total;
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    tell(form, form.dataset.checking);
  });
  request.addEventListener("load", () => {
    ended();
    arrived(form, request);
  });
  request.addEventListener("error", () => {
    ended();
    refuse(form, form.dataset.lost);
  });
  document.getElementById("complaint")?.remove();
  bar.value = 0;
  bar.hidden = false;
  tell(form, form.dataset.sending);
  request.open("POST", form.action);
  request.responseType = "document";
  request.setRequestHeader("Accept", "text/html");
  request.send(new FormData(form));
}

function arrived(form, request) {
  const complaint = request.response?.getElementById("complaint");
  if (complaint) {
    refuse(form, "", complaint);
  } else if (request.status < 400) {
    history.replaceState(null, "", `${request.responseURL}#told`);
    location.reload();
  } else {
    refuse(form, request.response?.querySelector("main")?.textContent.trim() || form.dataset.lost);
  }
}

/** Says at the top what is wrong, as the page does without scripts. */
function refuse(form, text, complaint = document.createElement("div")) {
  if (text) {
    complaint.id = "complaint";
    complaint.className = "complaint";
    complaint.tabIndex = -1;
    complaint.setAttribute("role", "alert");
    complaint.textContent = text;
  }
  document.getElementById("complaint")?.remove();
  document.querySelector("main header").after(complaint);
  complaint.focus();
}

function tell(form, text) {
  form.querySelector(".sending").textContent = text;
  say(text);
}
