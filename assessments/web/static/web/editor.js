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
  follow(textarea, view);
  new Tools(view, textarea.closest("section")).offer();
}

// The textarea is the form's field and always holds what the editor holds. What was typed elsewhere,
// or before this page was loaded, comes into it by way of the journal and is shown in the editor.
function follow(textarea, view) {
  const take = () => { if (textarea.value !== text(view)) replace(view, textarea.value); };
  for (const kind of ["input", "change", "journal:set"]) textarea.addEventListener(kind, take);
}

const text = (view) => view.state.doc.toString();

// Named as it is, the change is never taken for one with what was typed just before.
function replace(view, insert) {
  const changes = { from: 0, to: view.state.doc.length, insert };
  view.dispatch({ changes, userEvent: "input.replace" });
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

// What replaces the whole text does so as one step that Undo takes back, and says so.
class Tools {
  constructor(view, section) {
    Object.assign(this, { view, section, said: section.querySelector("[data-editor-said]") });
  }

  offer() {
    this.offerStarter();
    this.offerUndo();
    this.offerVersions();
  }

  put(insert, words) {
    replace(this.view, insert);
    this.said.textContent = words;
    this.view.focus();
  }

  offerStarter() {
    const button = this.section.querySelector("[data-to-starter]");
    const dialog = this.section.querySelector("[data-starter-dialog]");
    const starter = JSON.parse(document.getElementById("starter").textContent);
    button.hidden = false;
    button.addEventListener("click", () => {
      if (text(this.view) === starter) this.said.textContent = button.dataset.same;
      else { dialog.returnValue = ""; dialog.showModal(); }
    });
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "replace") this.put(starter, button.dataset.said);
      else button.focus();
    });
  }

  offerUndo() {
    const button = this.section.querySelector("[data-undo]");
    const undo = historyKeymap.find((binding) => binding.key === "Mod-z").run;
    button.hidden = false;
    button.addEventListener("click", () => {
      undo(this.view);
      this.said.textContent = "";
    });
  }

  offerVersions() {
    const form = this.section.querySelector("[data-versions]");
    if (!form) return;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const { source, name } = form.elements.from.selectedOptions[0].dataset;
      try {
        const answer = await fetch(source);
        if (!answer.ok) throw new Error(String(answer.status));
        this.put(await answer.text(), form.dataset.said.replace("{version}", name));
      } catch { this.said.textContent = form.dataset.failed; }
    });
  }
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
