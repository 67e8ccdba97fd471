// Turns the textarea of a code question into an editor. Without this file, or if it fails, the
// textarea stays and everything can still be typed and sent.
const area = document.querySelector("textarea[data-editor]");
// By the address that the page gives, which changes with the file: browsers keep it for a year.
const {
  EditorState, EditorView, bracketMatching, classHighlighter, defaultKeymap, drawSelection,
  highlightActiveLine, highlightSpecialChars, history, historyKeymap, indentLess, indentMore,
  indentOnInput, indentUnit, keymap, lineNumbers, python, syntaxHighlighting,
} = await import(area.dataset.codemirror);

function start(textarea) {
  const form = textarea.form;
  const drafts = draftStore(textarea.dataset.draft, document.querySelector("[data-saved]"));
  const draft = drafts.read();
  // What was typed before the editor came is newer than any draft.
  const typed = textarea.value !== textarea.defaultValue;
  const restored = draft !== null && draft !== textarea.value && !typed;
  const { selectionStart: anchor, selectionEnd: head } = textarea;
  const focused = document.activeElement === textarea;
  const view = new EditorView({
    parent: textarea.parentElement,
    state: EditorState.create({
      doc: restored ? draft : textarea.value,
      extensions: extensions(textarea, form, drafts),
    }),
  });
  textarea.hidden = true;
  if (focused) {
    view.focus();
    if (!restored) view.dispatch({ selection: { anchor, head } });
  }
  if (restored) drafts.say("restored");
  form.addEventListener("submit", () => { textarea.value = view.state.doc.toString(); });
  for (const button of form.querySelectorAll("[data-replace-with]")) offer(button, view);
}

function extensions(textarea, form, drafts) {
  return [
    EditorView.cspNonce.of(document.querySelector("meta[name=csp-nonce]")?.content ?? ""),
    lineNumbers(), history(), drawSelection(), highlightActiveLine(), highlightSpecialChars(),
    bracketMatching(), indentOnInput(), indentUnit.of("    "), EditorState.tabSize.of(4),
    python(), syntaxHighlighting(classHighlighter), theme,
    // Escape, then Tab, leaves the editor: CodeMirror lets a Tab pass right after Escape.
    keymap.of([
      { key: "Mod-Enter", run: () => { form.requestSubmit(); return true; } },
      { key: "Tab", run: insertOrIndent, shift: indentLess },
      ...defaultKeymap, ...historyKeymap,
    ]),
    EditorView.contentAttributes.of({
      "aria-label": textarea.labels[0]?.textContent.trim() ?? "",
      "aria-describedby": textarea.getAttribute("aria-describedby") ?? "",
      tabindex: "0", spellcheck: "false", autocapitalize: "off", autocorrect: "off",
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) drafts.write(update.state.doc.toString());
    }),
  ];
}

function insertOrIndent(view) {
  if (!view.state.selection.main.empty) return indentMore(view);
  view.dispatch(view.state.replaceSelection("    "), { scrollIntoView: true });
  return true;
}

function offer(button, view) {
  const text = JSON.parse(document.getElementById(button.dataset.replaceWith).textContent);
  button.hidden = false;
  button.addEventListener("click", () => {
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    view.focus();
  });
}

// What is typed is kept in this browser, so that neither an error nor a reload loses it.
function draftStore(key, words) {
  let timer;
  const say = (state) => { if (words) words.textContent = words.dataset[state]; };
  const keep = (text) => {
    try { localStorage.setItem(key, text); say("kept"); } catch { say("lost"); }
  };
  return {
    say,
    read() { try { return localStorage.getItem(key); } catch { return null; } },
    write(text) { clearTimeout(timer); timer = setTimeout(keep, 250, text); },
  };
}

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: "var(--size-1)",
    height: "100%" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.5rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { color: "var(--quiet)", backgroundColor: "var(--tint)", border: "0" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  ".cm-activeLineGutter": { color: "var(--ink)", backgroundColor: "transparent" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground":
    { background: "var(--blue-soft)" },
  "&.cm-focused .cm-matchingBracket": { background: "none", outline: "1px solid var(--edge)" },
});

start(area);
