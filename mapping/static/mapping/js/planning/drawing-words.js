/** Words of the drawing tools: Geoman's own speak of layers, vertices and polylines, and are informal in German. */

/** Names of the tools, and what to do with them, as Geoman's `setLang` takes them. */
export function drawingWords() {
  return {
    tooltips: {
      placeMarker: gettext("Click where the place is"),
      placeMarkerTouch: gettext("Tap where the place is"),
      firstVertex: gettext("Click where it begins"),
      continueLine: gettext("Click for the next corner"),
      finishLine: gettext("Click the last corner again to finish"),
      finishPoly: gettext("Click the first corner to finish"),
    },
    actions: {
      finish: gettext("Finish"),
      cancel: gettext("Cancel"),
      removeLastVertex: gettext("Remove the last corner"),
    },
    buttonTitles: {
      drawMarkerButton: gettext("Set a point"),
      drawLineButton: gettext("Draw a line"),
      drawPolyButton: gettext("Draw an area"),
      editButton: gettext("Move corners"),
      dragButton: gettext("Move everything"),
      cutButton: gettext("Cut something out"),
      deleteButton: gettext("Delete by clicking"),
    },
  };
}
