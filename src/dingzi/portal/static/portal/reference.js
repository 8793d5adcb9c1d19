// /r#REFERENCE: what follows # reached no server. It is taken out of the address first, so that
// neither the history nor a later request holds it, then sent in the body of a form.
const form = document.querySelector("[data-reference]");
const reference = decodeURIComponent(location.hash.slice(1));
if (reference && form) {
  history.replaceState(null, "", location.pathname);
  form.hidden = false;
  form.elements.reference.value = reference;
  form.submit();
}
