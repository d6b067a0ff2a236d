"""A small S3 over real HTTP, as far as obstore asks for it: path style, signed, four verbs."""

import hashlib
from email.utils import formatdate

from aiohttp import web


class S3:
    """Keeps what it is given; `away` makes it fail like a store in trouble."""

    def __init__(self, bucket="jucun", key="minio"):
        self.bucket, self.key = bucket, key
        self.objects, self.away, self.seen = {}, False, []

    def app(self):
        app = web.Application(client_max_size=32 << 20)
        app.router.add_route("*", f"/{self.bucket}/{{name:.+}}", self.answer)
        app.router.add_route("*", f"/{self.bucket}", self.answer)
        return app

    async def answer(self, request):
        self.seen.append((request.method, request.path))
        if self.away:
            return self.error(500, "InternalError")
        if f"Credential={self.key}/" not in request.headers.get("Authorization", ""):
            return self.error(403, "AccessDenied")
        verb = {"PUT": self.put, "GET": self.get, "HEAD": self.get, "DELETE": self.delete}
        if request.method == "POST" and "delete" in request.query:
            return await self.delete_many(request)
        return await verb[request.method](request)

    async def put(self, request):
        body = await request.read()
        self.objects[request.match_info["name"]] = body
        return web.Response(headers={"ETag": f'"{hashlib.md5(body).hexdigest()}"'})

    async def get(self, request):
        body = self.objects.get(request.match_info["name"])
        if body is None:
            return self.error(404, "NoSuchKey")
        headers = {
            "ETag": f'"{hashlib.md5(body).hexdigest()}"',
            "Last-Modified": formatdate(usegmt=True),
        }
        return web.Response(body=body, headers=headers)

    async def delete(self, request):
        self.objects.pop(request.match_info["name"], None)
        return web.Response(status=204)

    async def delete_many(self, request):
        text = (await request.read()).decode()
        names = [part.split("</Key>")[0] for part in text.split("<Key>")[1:]]
        for name in names:
            self.objects.pop(name, None)
        gone = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
        return web.Response(
            text=f"<DeleteResult>{gone}</DeleteResult>", content_type="application/xml"
        )

    def error(self, status, code):
        text = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>"
        return web.Response(status=status, text=text, content_type="application/xml")
