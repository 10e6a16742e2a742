"""What all apps say of who sees and may do what."""

from itertools import chain

from attendance.tests.permissions import PERMISSIONS as TEACHING
from certifications.tests.permissions import PERMISSIONS as CERTIFICATES
from learners.offers.registry import merged
from learners.tests.permissions import PERMISSIONS as LEARNING
from lms.tests.permissions.roof import PERMISSIONS as ROOF

PARTS = (LEARNING, CERTIFICATES, TEACHING, ROOF)

ADDRESSES = merged(part.addresses for part in PARTS)
LISTS = merged(part.administration for part in PARTS)
FOR_OTHERS = frozenset(chain.from_iterable(part.for_others for part in PARTS))
STORES_NOTHING = frozenset(chain.from_iterable(part.stores_nothing for part in PARTS))
