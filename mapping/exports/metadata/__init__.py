"""What catalogues are told of a campaign's data: DCAT-AP.de 3.0, the German profile of DCAT-AP, as RDF.

`dataset_graph(campaign, current_site())` describes one campaign and `serialised(graph, "ttl")` writes it; catalogues of
many are written piece by piece (`catalogue`), for RDF graphs are large. `facts` reads the database, everything else is
pure.
"""

from mapping.exports.metadata.facts import facts_of
from mapping.exports.metadata.graph import dataset_graph
from mapping.exports.metadata.serialising import SERIALISATIONS, serialised
from mapping.exports.metadata.site import Site, current_site

__all__ = ["SERIALISATIONS", "Site", "current_site", "dataset_graph", "facts_of", "serialised"]
