import pytest
import redis
from django.conf import settings

from lms.running.caching import RedisCache


@pytest.fixture
def cache(broker):
    return RedisCache(settings.REDIS_URL, {"KEY_PREFIX": f"{settings.REDIS_PREFIX}:cache"})


def test_emptying_the_cache_leaves_the_messages_of_the_broker(cache):
    client = redis.Redis.from_url(settings.REDIS_URL)
    message = f"{settings.REDIS_PREFIX}:celery"
    client.rpush(message, "a task")
    cache.set("one", 1)
    cache.clear()
    assert cache.get("one") is None
    assert client.lrange(message, 0, -1) == [b"a task"]


def test_it_counts_as_django_says(cache):
    cache.add("tries", 0, 60)
    assert cache.incr("tries") == 1
