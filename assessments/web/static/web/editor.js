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
  const { selectionStart: anchor, selectionEnd: head } = textarea;
  const focused = document.activeElement === textarea;
  const view = new EditorView({
    parent: textarea.parentElement,
    state: EditorState.create({
      doc: textarea.value,
      extensions: extensions(textarea, form),
    }),
  });
  textarea.hidden = true;
  if (focused) {
    view.focus();
    view.dispatch({ selection: { anchor, head } });
  }
  // What was typed elsewhere, or before this page was loaded, comes by way of the journal.
  textarea.addEventListener("journal:set", () => {
    const insert = textarea.value;
    if (insert !== view.state.doc.toString()) replace(view, insert);
  });
  for (const button of form.querySelectorAll("[data-replace-with]")) offer(button, view);
}

function replace(view, insert) {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } });
}

function extensions(textarea, form) {
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
      if (!update.docChanged) return;
      textarea.value = update.state.doc.toString();
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
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
    replace(view, text);
    view.focus();
  });
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
