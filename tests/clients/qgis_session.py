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
    QgsMapBoxGlStyleConversionContext,
    QgsMapBoxGlStyleConverter,
    QgsMapLayerType,
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


def tiles_told(node):
    layer = node.layer()
    return {
        "name": layer.name(),
        "source": layer.source(),
        "is_valid": layer.isValid(),
        "is_shown": node.itemVisibilityChecked(),
        "scales": scales_of(layer),
        "crs": layer.crs().authid(),
        "legend": {
            f"{one.layerName()} {one.geometryType()} {one.filterExpression()}": [
                one.styleName(),
                one.symbol().color().name(),
            ]
            for one in layer.renderer().styles()
        },
    }


def scales_of(layer):
    return (
        [round(layer.minimumScale()), round(layer.maximumScale())] if layer.hasScaleBasedVisibility() else []
    )


def told(node, job):
    if node.layer().type() == QgsMapLayerType.VectorTileLayer:
        return tiles_told(node)
    layer = node.layer()
    fields = [one.name() for one in layer.fields()]
    features = list(layer.getFeatures())
    answer = {
        "name": layer.name(),
        "source": layer.source(),
        "is_valid": layer.isValid(),
        "is_shown": node.itemVisibilityChecked(),
        "scales": scales_of(layer),
        "columns": {one.name(): one.typeName() for one in layer.fields()},
        "last": dict(zip(fields, features[-1].attributes(), strict=True)) if features else {},
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


def converted(style):
    """What QGIS makes of a MapLibre style."""
    converter = QgsMapBoxGlStyleConverter()
    result = converter.convert(json.dumps(style), QgsMapBoxGlStyleConversionContext())
    return {
        "is_read": result == QgsMapBoxGlStyleConverter.Success,
        "warnings": converter.warnings(),
        "styles": [
            [one.styleName(), one.filterExpression(), one.symbol().color().name()]
            for one in converter.renderer().styles()
        ],
    }


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
        "converted": [converted(style) for style in job.get("styles", [])],
    }
    print("ANSWER" + json.dumps(answer, default=str))  # noqa: T201 - the way back
    project.clear()
    application.exitQgis()


main()
