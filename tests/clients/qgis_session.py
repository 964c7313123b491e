# mypy: ignore-errors
# ruff: noqa: ANN001, ANN201
"""What QGIS does with a layer definition; runs in the system's own Python (`python3-qgis`), not in ours.

Reads a job as JSON from the standard input: `definition` (a file), `crs`, `centre` in it, `metres` (half a side),
`picture` (a file to write), `filter` by layer name. Answers what QGIS says of the layers, as JSON.
"""

import json
import sys

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsLayerDefinition,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

GROUND = "#ecebe5"
PIXELS = 600


def legend_of(renderer):
    match renderer.type():
        case "categorizedSymbol":
            return {one.value(): [one.label(), one.symbol().color().name()] for one in renderer.categories()}
        case "graduatedSymbol":
            return {one.label(): [one.label(), one.symbol().color().name()] for one in renderer.ranges()}
    return {}


def told(node, job):
    layer = node.layer()
    fields = [one.name() for one in layer.fields()]
    features = list(layer.getFeatures())
    answer = {
        "name": layer.name(),
        "source": layer.source(),
        "is_valid": layer.isValid(),
        "is_shown": node.itemVisibilityChecked(),
        "features": len(features),
        "count": layer.featureCount(),
        "statuses": sorted({one["status"] for one in features}) if "status" in fields else [],
        "crs": layer.crs().authid() if layer.crs().isValid() else "",
        "renderer": layer.renderer().type(),
        "legend": legend_of(layer.renderer()),
        "labels": layer.labelsEnabled(),
        "attribution": layer.attribution(),
        "abstract": layer.abstract(),
        "titles": {name: layer.attributeAlias(index) for index, name in enumerate(fields)},
        "values": {
            name: layer.editorWidgetSetup(index).config()["map"]
            for index, name in enumerate(fields)
            if layer.editorWidgetSetup(index).type() == "ValueMap"
        },
    }
    wanted = job.get("filter", {}).get(layer.name())
    if wanted:
        answer["takes_filter"] = layer.setSubsetString(wanted)
        answer["filtered"] = sum(1 for _one in layer.getFeatures())
        layer.setSubsetString("")
    return answer


def draw(layers, job):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(job["crs"]))
    settings.setTransformContext(QgsProject.instance().transformContext())
    settings.setOutputSize(QSize(PIXELS, PIXELS))
    settings.setBackgroundColor(QColor(GROUND))
    east, north = job["centre"]
    half = job["metres"]
    settings.setExtent(QgsRectangle(east - half, north - half, east + half, north + half))
    work = QgsMapRendererParallelJob(settings)
    work.start()
    work.waitForFinished()
    work.renderedImage().save(job["picture"])
    return [error.message for error in work.errors()]


def main() -> None:
    job = json.load(sys.stdin)
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    loaded, problem = QgsLayerDefinition.loadLayerDefinition(
        job["definition"], project, project.layerTreeRoot()
    )
    nodes = project.layerTreeRoot().findLayers()
    answer = {
        "version": Qgis.QGIS_VERSION,
        "loaded": loaded,
        "problem": problem,
        "layers": [told(node, job) for node in nodes],
        "errors": draw([node.layer() for node in nodes if node.itemVisibilityChecked()], job),
    }
    print("ANSWER" + json.dumps(answer, default=str))  # noqa: T201 - the way back
    project.clear()
    application.exitQgis()


main()
