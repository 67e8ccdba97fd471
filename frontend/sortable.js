// The part of SortableJS that dragging items within a list uses, without its plugins.
export { default as Sortable } from "sortablejs/modular/sortable.core.esm.js";
