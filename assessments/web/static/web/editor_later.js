// The editor is large and the field below it can be used at once: it is fetched when the page is
// there, and takes the field's place, with what has been typed by then.
const { codemirror, editorModule } = document.querySelector("textarea[data-editor]").dataset;
const fetchEditor = () => { import(codemirror); import(editorModule); };
if (document.readyState === "complete") fetchEditor();
else addEventListener("load", () => setTimeout(fetchEditor));
