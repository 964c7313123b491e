"""What catalogues are told of a campaign's data: DCAT-AP.de 3.0, the German profile of DCAT-AP, as RDF.

`dataset_graph(dataset, current_site())` describes one dataset and `serialised(graph, "ttl")` writes it; catalogues of
many are written piece by piece (`catalogue`), for RDF graphs are large. `facts` reads the database, everything else is
pure and knows no formats: a `Dataset` comes with its distributions (`exports.datasets` makes those of campaigns).
"""

from mapping.exports.metadata.graph import dataset_graph
from mapping.exports.metadata.serialising import SERIALISATIONS, serialised
from mapping.exports.metadata.site import Site, current_site

__all__ = ["SERIALISATIONS", "Site", "current_site", "dataset_graph", "serialised"]
