"""Bodies, sessions, agendas and papers as OParl 1.1, the German standard of council information systems.

The city is a Body, a body of ours an Organization, a session a Meeting, a document a Paper with its Files. Sources: the
specification at https://oparl.org/spezifikation/online-ansicht/ and its schemas.
"""
