// The register works without this; see below.
