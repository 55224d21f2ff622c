// Not a module: it runs before the page is first seen. Django's own script opens the sidebar when the page is there, and all
// that is beside it would move.
document.getElementById("main").classList.toggle("shifted", localStorage.getItem("django.admin.navSidebarIsOpen") !== "false");
